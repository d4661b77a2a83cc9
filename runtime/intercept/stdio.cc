// SPDX-License-Identifier: Apache-2.0
// The C library's streams read and write their descriptors by calls that nobody can stand in front of. When a buffer
// is handed to the kernel, or filled, only they know; so every output to a stream counts as a write to its descriptor,
// every input as a read from it (record/descriptor_order.h): more order than there is between some pairs, never less.
// Which memory is read and written is told by instrumented code alone. Not here: wide scanf, the macros of the unlocked
// forms.
// <cstdio> must not define some of the same functions inline.
#define __NO_INLINE__ 1
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cwchar>

#include "runtime/intercept/next.h"
#include "runtime/record/descriptor_order.h"

namespace gordian::rt::intercept {

namespace {

// A stream without a descriptor (fmemopen, fopencookie) orders nobody.
int descriptor_of(FILE* stream) noexcept {
  const int saved = errno;
  const int descriptor = stream == nullptr ? -1 : fileno_unlocked(stream);
  errno = saved;
  return descriptor;
}

// Descriptors that streams have written to: fflush(NULL) writes to all of them. One beyond the end is left out.
constexpr int kDescriptors = 4096;
std::atomic<bool> g_has_output[kDescriptors];

void note_output(FILE* stream) noexcept {
  if (record::enabled()) {
    if (const int descriptor = descriptor_of(stream); descriptor >= 0) {
      if (descriptor < kDescriptors) {
        // relaxed: whoever flushes what another has put into a stream is ordered behind it by the stream's own lock;
        // partner: note_flush().
        g_has_output[descriptor].store(true, std::memory_order_relaxed);
      }
      record::note_descriptor_release(descriptor);
    }
  }
}

void note_flush(FILE* stream) noexcept {
  if (stream != nullptr || !record::enabled()) {
    return note_output(stream);
  }
  for (int descriptor = 0; descriptor < kDescriptors; ++descriptor) {
    if (g_has_output[descriptor].load(std::memory_order_relaxed)) {  // partner and reason: note_output()
      record::note_descriptor_release(descriptor);
    }
  }
}

void note_input(FILE* stream) noexcept {
  if (record::enabled()) {
    if (const int descriptor = descriptor_of(stream); descriptor >= 0) {
      record::note_descriptor_acquire(descriptor);
    }
  }
}

}  // namespace

}  // namespace gordian::rt::intercept

using namespace gordian::rt::intercept;

#define OUTPUT(result, name, parameters, arguments, stream) \
  GORDIAN_REPLACES result name parameters {                 \
    static constinit Next<result parameters> next{#name};   \
    note_output(stream);                                    \
    return next arguments;                                  \
  }
#define INPUT(result, name, parameters, arguments, stream) \
  GORDIAN_REPLACES result name parameters {                \
    static constinit Next<result parameters> next{#name};  \
    const auto answer = next arguments;                    \
    note_input(stream);                                    \
    return answer;                                         \
  }
// `other` takes what comes behind the last named parameter as a list.
#define LISTED(name, other, parameters, arguments) \
  GORDIAN_REPLACES int name parameters {           \
    va_list list;                                  \
    va_start(list, format);                        \
    const int answer = other arguments;            \
    va_end(list);                                  \
    return answer;                                 \
  }

OUTPUT(size_t, fwrite, (const void* from, size_t bytes, size_t count, FILE* stream), (from, bytes, count, stream),
       stream)
OUTPUT(int, fputs, (const char* text, FILE* stream), (text, stream), stream)
OUTPUT(int, fputc, (int letter, FILE* stream), (letter, stream), stream)
OUTPUT(int, putc, (int letter, FILE* stream), (letter, stream), stream)
OUTPUT(int, putchar, (int letter), (letter), stdout)
OUTPUT(int, puts, (const char* text), (text), stdout)
GORDIAN_REPLACES int fflush(FILE* stream) {
  static constinit Next<int(FILE*)> next{"fflush"};
  note_flush(stream);
  return next(stream);
}
OUTPUT(int, fclose, (FILE * stream), (stream), stream)
OUTPUT(int, vprintf, (const char* format, va_list list), (format, list), stdout)
OUTPUT(int, vfprintf, (FILE * stream, const char* format, va_list list), (stream, format, list), stream)
OUTPUT(int, __vprintf_chk, (int flag, const char* format, va_list list), (flag, format, list), stdout)
OUTPUT(int, __vfprintf_chk, (FILE * stream, int flag, const char* format, va_list list), (stream, flag, format, list),
       stream)
LISTED(printf, vprintf, (const char* format, ...), (format, list))
LISTED(fprintf, vfprintf, (FILE * stream, const char* format, ...), (stream, format, list))
LISTED(__printf_chk, __vprintf_chk, (int flag, const char* format, ...), (flag, format, list))
LISTED(__fprintf_chk, __vfprintf_chk, (FILE * stream, int flag, const char* format, ...), (stream, flag, format, list))
OUTPUT(wint_t, fputwc, (wchar_t letter, FILE* stream), (letter, stream), stream)
OUTPUT(wint_t, putwc, (wchar_t letter, FILE* stream), (letter, stream), stream)
OUTPUT(wint_t, putwchar, (wchar_t letter), (letter), stdout)
OUTPUT(int, fputws, (const wchar_t* text, FILE* stream), (text, stream), stream)
OUTPUT(int, vwprintf, (const wchar_t* format, va_list list), (format, list), stdout)
OUTPUT(int, vfwprintf, (FILE * stream, const wchar_t* format, va_list list), (stream, format, list), stream)
OUTPUT(int, __vwprintf_chk, (int flag, const wchar_t* format, va_list list), (flag, format, list), stdout)
OUTPUT(int, __vfwprintf_chk, (FILE * stream, int flag, const wchar_t* format, va_list list),
       (stream, flag, format, list), stream)
LISTED(wprintf, vwprintf, (const wchar_t* format, ...), (format, list))
LISTED(fwprintf, vfwprintf, (FILE * stream, const wchar_t* format, ...), (stream, format, list))
LISTED(__wprintf_chk, __vwprintf_chk, (int flag, const wchar_t* format, ...), (flag, format, list))
LISTED(__fwprintf_chk, __vfwprintf_chk, (FILE * stream, int flag, const wchar_t* format, ...),
       (stream, flag, format, list))

INPUT(size_t, fread, (void* to, size_t bytes, size_t count, FILE* stream), (to, bytes, count, stream), stream)
INPUT(size_t, __fread_chk, (void* to, size_t room, size_t bytes, size_t count, FILE* stream),
      (to, room, bytes, count, stream), stream)
INPUT(char*, fgets, (char* to, int room, FILE* stream), (to, room, stream), stream)
INPUT(char*, __fgets_chk, (char* to, size_t size, int room, FILE* stream), (to, size, room, stream), stream)
INPUT(int, fgetc, (FILE * stream), (stream), stream)
INPUT(int, getc, (FILE * stream), (stream), stream)
INPUT(int, getchar, (), (), stdin)
INPUT(wint_t, fgetwc, (FILE * stream), (stream), stream)
INPUT(wint_t, getwc, (FILE * stream), (stream), stream)
INPUT(wint_t, getwchar, (), (), stdin)
INPUT(wchar_t*, fgetws, (wchar_t * to, int room, FILE* stream), (to, room, stream), stream)
INPUT(wchar_t*, __fgetws_chk, (wchar_t * to, size_t size, int room, FILE* stream), (to, size, room, stream), stream)
INPUT(ssize_t, getline, (char** line, size_t* room, FILE* stream), (line, room, stream), stream)
INPUT(ssize_t, getdelim, (char** line, size_t* room, int end, FILE* stream), (line, room, end, stream), stream)
INPUT(ssize_t, __getdelim, (char** line, size_t* room, int end, FILE* stream), (line, room, end, stream), stream)
INPUT(int, __isoc99_vfscanf, (FILE * stream, const char* format, va_list list), (stream, format, list), stream)
LISTED(__isoc99_fscanf, __isoc99_vfscanf, (FILE * stream, const char* format, ...), (stream, format, list))
LISTED(__isoc99_scanf, __isoc99_vfscanf, (const char* format, ...), (stdin, format, list))
