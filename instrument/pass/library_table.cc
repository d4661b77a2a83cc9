// SPDX-License-Identifier: Apache-2.0
// One line per function, from ISO C and POSIX: what it reads and writes behind its pointers. Functions that the checks
// of _FORTIFY_SOURCE stand for have lines of their own. Left out: what a function reads that is rarely another thread's
// (formats, names of files), and numbers in texts, whose end only the conversion knows. gordian_io_*: gordian/io.h.
#include "instrument/pass/library_table.h"

namespace gordian::pass {
namespace {

const LibraryFunction kFunctions[] = {
    // Memory
    {"memcmp", reads(arg(0), same_bytes, arg(1), arg(2)), reads(arg(1), same_bytes, arg(0), arg(2))},
    {"bcmp", reads(arg(0), same_bytes, arg(1), arg(2)), reads(arg(1), same_bytes, arg(0), arg(2))},
    {"memchr", reads(arg(0), bytes_to, kResult, arg(2))},
    {"rawmemchr", reads(arg(0), bytes_to, kResult, number(0))},
    {"mempcpy", reads(arg(1), bytes, arg(2)), writes(arg(0), bytes, arg(2))},
    {"bzero", writes(arg(0), bytes, arg(1))},
    {"explicit_bzero", writes(arg(0), bytes, arg(1))},
    {"__memcpy_chk", reads(arg(1), bytes, arg(2)), writes(arg(0), bytes, arg(2))},
    {"__memmove_chk", reads(arg(1), bytes, arg(2)), writes(arg(0), bytes, arg(2))},
    {"__mempcpy_chk", reads(arg(1), bytes, arg(2)), writes(arg(0), bytes, arg(2))},
    {"__memset_chk", writes(arg(0), bytes, arg(2))},
    // Texts
    {"strlen", reads(arg(0), through, kResult, kNoLimit)},
    {"strnlen", reads(arg(0), through, kResult, arg(1))},
    {"strcmp", reads(arg(0), same_text, arg(1), kNoLimit), reads(arg(1), same_text, arg(0), kNoLimit)},
    {"strncmp", reads(arg(0), same_text, arg(1), arg(2)), reads(arg(1), same_text, arg(0), arg(2))},
    {"strchr", reads(arg(0), text_to, kResult, kNoLimit)},
    {"index", reads(arg(0), text_to, kResult, kNoLimit)},
    {"strchrnul", reads(arg(0), text_to, kResult, kNoLimit)},
    {"strrchr", reads_text(0)},
    {"rindex", reads_text(0)},
    {"strstr", reads(arg(0), text_to, kResult, kNoLimit), reads_text(1)},
    {"strpbrk", reads(arg(0), text_to, kResult, kNoLimit), reads_text(1)},
    {"strspn", reads(arg(0), through, kResult, kNoLimit), reads_text(1)},
    {"strcspn", reads(arg(0), through, kResult, kNoLimit), reads_text(1)},
    {"strcpy", reads_text(1), writes_text(0)},
    {"stpcpy", reads_text(1), writes_text(0)},
    {"strncpy", reads(arg(1), text, arg(2)), writes(arg(0), bytes, arg(2))},
    {"stpncpy", reads(arg(1), text, arg(2)), writes(arg(0), bytes, arg(2))},
    {"strcat", reads_text(1), reads_text(0), writes(arg(0), appended, arg(1), kNoLimit)},
    {"strncat", reads(arg(1), text, arg(2)), reads_text(0), writes(arg(0), appended, arg(1), arg(2))},
    {"strdup", reads_text(0), writes(kResult, text, kNoLimit)},
    {"strndup", reads(arg(0), text, arg(1)), writes(kResult, text, kNoLimit)},
    {"__strdup", reads_text(0), writes(kResult, text, kNoLimit)},
    {"__strcpy_chk", reads_text(1), writes_text(0)},
    {"__stpcpy_chk", reads_text(1), writes_text(0)},
    {"__strncpy_chk", reads(arg(1), text, arg(2)), writes(arg(0), bytes, arg(2))},
    {"__strcat_chk", reads_text(1), reads_text(0), writes(arg(0), appended, arg(1), kNoLimit)},
    {"__strncat_chk", reads(arg(1), text, arg(2)), reads_text(0), writes(arg(0), appended, arg(1), arg(2))},
    // Formatted output into memory
    {"sprintf", writes(arg(0), through, kResult, kNoLimit)},
    {"vsprintf", writes(arg(0), through, kResult, kNoLimit)},
    {"snprintf", writes(arg(0), through, kResult, arg(1))},
    {"vsnprintf", writes(arg(0), through, kResult, arg(1))},
    {"__sprintf_chk", writes(arg(0), through, kResult, kNoLimit)},
    {"__vsprintf_chk", writes(arg(0), through, kResult, kNoLimit)},
    {"__snprintf_chk", writes(arg(0), through, kResult, arg(1))},
    {"__vsnprintf_chk", writes(arg(0), through, kResult, arg(1))},
    // Streams of the C library
    {"puts", reads_text(0)},
    {"fputs", reads_text(0)},
    {"fgets", writes(kResult, text, kNoLimit)},
    {"__fgets_chk", writes(kResult, text, kNoLimit)},
    {"fwrite", reads(arg(0), elements, arg(1), arg(2))},
    {"fread", writes(arg(0), elements, kResult, arg(1))},
    {"__fread_chk", writes(arg(0), elements, kResult, arg(2))},
    // Descriptors
    {"read", writes(arg(1), returned, kResult)},
    {"gordian_io_read", writes(arg(1), returned, kResult)},
    {"pread", writes(arg(1), returned, kResult)},
    {"pread64", writes(arg(1), returned, kResult)},
    {"recv", writes(arg(1), returned, kResult)},
    {"recvfrom", writes(arg(1), returned, kResult)},
    {"readv", writes(arg(1), filled_vectors, arg(2), kResult)},
    {"preadv", writes(arg(1), filled_vectors, arg(2), kResult)},
    {"preadv64", writes(arg(1), filled_vectors, arg(2), kResult)},
    {"recvmsg", writes(arg(1), filled_message, kResult)},
    {"__read_chk", writes(arg(1), returned, kResult)},
    {"__pread_chk", writes(arg(1), returned, kResult)},
    {"__pread64_chk", writes(arg(1), returned, kResult)},
    {"__recv_chk", writes(arg(1), returned, kResult)},
    {"__recvfrom_chk", writes(arg(1), returned, kResult)},
    {"write", sends(arg(1), bytes, arg(2))},
    {"gordian_io_write", sends(arg(1), bytes, arg(2))},
    {"pwrite", sends(arg(1), bytes, arg(2))},
    {"pwrite64", sends(arg(1), bytes, arg(2))},
    {"send", sends(arg(1), bytes, arg(2))},
    {"sendto", sends(arg(1), bytes, arg(2))},
    {"writev", sends(arg(1), vectors, arg(2))},
    {"pwritev", sends(arg(1), vectors, arg(2))},
    {"pwritev64", sends(arg(1), vectors, arg(2))},
    {"sendmsg", sends(arg(1), message)},
    // An epoll_event has 12 bytes.
    {"epoll_wait", writes(arg(1), elements, kResult, number(12))},
    {"epoll_pwait", writes(arg(1), elements, kResult, number(12))},
};

}  // namespace

llvm::ArrayRef<LibraryFunction> c_functions() { return kFunctions; }

}  // namespace gordian::pass
