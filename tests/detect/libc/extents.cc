// SPDX-License-Identifier: Apache-2.0
// How far functions of the C library reach: one thread calls them, another one touches the last byte that they read or
// write (every line is a race), or the one behind it (no line is).
// RUN: %gordian_cxx -O0 -fno-builtin -DTOUCHED=1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// RUN: %gordian_cxx -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -DTOUCHED=1 %s -o %t.fortified
// RUN: %gordian_run 66 %t.fortified | FileCheck %s
// RUN: %gordian_cxx -O2 -DTOUCHED=0 %s -o %t.behind
// RUN: %gordian_run 0 %t.behind | FileCheck %s --check-prefix=BEHIND
// RUN: %gordian_cxx -O0 -fno-builtin -DTOUCHED=0 %s -o %t.plain
// RUN: %gordian_run 0 %t.plain | FileCheck %s --check-prefix=BEHIND
// CHECK-NOT: /usr/include
// CHECK: 52 findings
// BEHIND: no findings
#include <strings.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cwchar>
#include <thread>

#include "support/step.h"

int ends[2];
FILE* file;
FILE* wide_file;
int answer;
char* copy;
char text[64] = "some words";
char more[8] = "more";
char digits[] = "17% 42 word";
const wchar_t* wider = L"cd";
const char* whole = "%-5ld%% %.2f%*.s %s";
const char* limited = "%c %.*s";
char* where = text;  // so that nothing is known when this is compiled

// CASE(variable, its contents, bytes accessed from its start, the call)
#define CASES                                                                                           \
  CASE(a_strlen, "eleven words", 13, answer += static_cast<int>(strlen(a_strlen)))                      \
  CASE(a_strnlen, "eleven words", 4, answer += static_cast<int>(strnlen(a_strnlen, 4)))                 \
  CASE(a_strcmp, "some wards", 7, answer += strcmp(a_strcmp, where))                                    \
  CASE(a_strncmp, "some wards", 3, answer += strncmp(where, a_strncmp, 3))                              \
  CASE(a_memcmp, "some wards", 7, answer += memcmp(a_memcmp, where, 10))                                \
  CASE(a_strchr, "some words", 6, answer += strchr(a_strchr, 'w') != nullptr)                           \
  CASE(a_strrchr, "some words", 11, answer += strrchr(a_strrchr, 'w') != nullptr)                       \
  CASE(a_memchr, "some words", 6, answer += memchr(a_memchr, 'w', 40) != nullptr)                       \
  CASE(no_memchr, "some words", 40, answer += memchr(no_memchr, 'x', 40) != nullptr)                    \
  CASE(a_strcspn, "some words", 5, answer += static_cast<int>(strcspn(a_strcspn, " ")))                 \
  CASE(a_strcpy, "", 11, strcpy(a_strcpy, where))                                                       \
  CASE(a_copied, "some words", 11, strcpy(where, a_copied))                                             \
  CASE(a_strncpy, "", 20, strncpy(a_strncpy, where, 20))                                                \
  CASE(a_strcat, "less ", 10, strcat(a_strcat, more))                                                   \
  CASE(a_strncat, "less ", 8, strncat(a_strncat, more, 2))                                              \
  CASE(a_strdup, "some words", 11, free(copy = strdup(a_strdup)))                                       \
  CASE(a_memset, "", 30, memset(a_memset, 0, strlen(where) * 3))                                        \
  CASE(a_memmove, "", 22, memmove(a_memmove, big, strlen(where) * 2 + 2))                               \
  CASE(a_snprintf, "", 8, snprintf(a_snprintf, 8, "%d and more", answer))                               \
  CASE(a_sprintf, "", 5, sprintf(a_sprintf, "%s", more))                                                \
  CASE(a_puts, "some words", 11, puts(a_puts))                                                          \
  CASE(a_fwrite, "some words", 8, answer += static_cast<int>(fwrite(a_fwrite, 4, 2, file)))             \
  CASE(a_fread, "", 12, answer += static_cast<int>((rewind(file), fread(a_fread, 4, 3, file))))         \
  CASE(a_fgets, "", 7, (rewind(file), fgets(a_fgets, 7, file)))                                         \
  CASE(a_write, "some words", 10, answer += static_cast<int>(write(ends[1], a_write, 10)))              \
  CASE(a_read, "", 10, answer += static_cast<int>(read(ends[0], a_read, 60)))                           \
  CASE(a_writev, "some words", 5, answer += static_cast<int>(gather(a_writev, 5)))                      \
  CASE(a_readv, "", 5, answer += static_cast<int>(scatter(a_readv)))                                    \
  CASE(an_atoi, "  42, no more", 5, answer += atoi(an_atoi))                                            \
  CASE(a_strtol, "0x2ag", 5, answer += static_cast<int>(strtol(a_strtol, nullptr, 16)))                 \
  CASE(an_end, "", 8, answer += static_cast<int>(strtol(where, reinterpret_cast<char**>(an_end), 10)))  \
  CASE(a_strtod, "1.5e1 ", 6, answer += static_cast<int>(strtod(a_strtod, nullptr)))                    \
  CASE(a_qsort, "badc", 4, qsort(a_qsort, 4, 1, by_letter))                                             \
  CASE(a_shown, "some words", 11, answer += snprintf(big, 64, "%d %s.", answer, a_shown))               \
  CASE(a_part, "some words", 3, answer += snprintf(big, 64, "%-5d%.3s.", answer, a_part))               \
  CASE(a_scanned, "", 2, answer += sscanf(digits, "%*d%% %hd", reinterpret_cast<short*>(a_scanned)))    \
  CASE(a_word, "", 5, answer += sscanf(digits, "%d%[%] %d %s", &answer, big, &answer, a_word))          \
  CASE(a_wcslen, "a\0\0\0b\0\0", 12, answer += static_cast<int>(wcslen(wide(a_wcslen))))                \
  CASE(a_wcscpy, "", 12, wcscpy(wide(a_wcscpy), wider))                                                 \
  CASE(a_wcscat, "a\0\0\0b\0\0", 20, wcscat(wide(a_wcscat), wider))                                     \
  CASE(a_wmemcpy, "", 8, wmemcpy(wide(a_wmemcpy), wider, strlen(more) / 2))                             \
  CASE(a_wmemcmp, "c\0\0\0c\0\0\0c", 8, answer += wmemcmp(wide(a_wmemcmp), wider, 3))                   \
  CASE(a_wmemchr, "a\0\0\0b\0\0\0c", 8, answer += wmemchr(wide(a_wmemchr), L'b', 9) != nullptr)         \
  CASE(no_wmemchr, "a\0\0\0b\0\0\0c", 36, answer += wmemchr(wide(no_wmemchr), L'd', 9) != nullptr)      \
  CASE(a_wcstol, "4\0\0\0 ", 8, answer += static_cast<int>(wcstol(wide(a_wcstol), nullptr, 10)))        \
  CASE(a_wcstod, "4\0\0\0 ", 8, answer += static_cast<int>(wcstod(wide(a_wcstod), nullptr)))            \
  CASE(a_strtoimax, "42;", 3, answer += static_cast<int>(strtoimax(a_strtoimax, nullptr, 10)))          \
  CASE(a_fputws, "a\0\0\0b\0\0", 12, answer += fputws(wide(a_fputws), wide_file))                       \
  CASE(a_found, "abcd", 1, answer += bsearch("a", a_found, 1, 1, by_letter_seen) != nullptr)            \
  CASE(a_formatted, "some words", 11, answer += snprintf(big, 64, whole, 7L, 1.5, 3, big, a_formatted)) \
  CASE(a_limited, "some words", 3, answer += snprintf(big, 64, limited, 'x', 3, a_limited))             \
  CASE(a_listed, "some words", 11, answer += print_list(whole, 7L, 1.5, 0, big, a_listed))

char big[64];
#define CASE(variable, contents, extent, call) alignas(8) char variable[64] = contents;
CASES
#undef CASE

wchar_t* wide(char* bytes) { return reinterpret_cast<wchar_t*>(bytes); }
// Only what qsort does by itself is asked here.
__attribute__((no_sanitize("thread"))) int by_letter(const void* one, const void* other) {
  return *static_cast<const char*>(one) - *static_cast<const char*>(other);
}
int by_letter_seen(const void* one, const void* other) {
  return *static_cast<const char*>(one) - *static_cast<const char*>(other);
}
int print_list(const char* format, ...) {
  va_list list;
  va_start(list, format);
  const int count = vsnprintf(big, 64, format, list);
  va_end(list);
  return count;
}
ssize_t gather(char* from, size_t bytes) {
  const iovec piece{from, bytes};
  return writev(ends[1], &piece, 1);
}
ssize_t scatter(char* to) {
  const iovec piece{to, 60};
  return readv(ends[0], &piece, 1);
}

// The same value again: what the other thread sees does not depend on the order.
void touch(volatile char* byte) { *byte = *byte; }

void call_all() {
#define CASE(variable, contents, extent, call) call;
  CASES
#undef CASE
}

void touch_all() {
#define CASE(variable, contents, extent, call) touch(variable + extent - TOUCHED);
  CASES
#undef CASE
}

int main() {
  if (pipe(ends) != 0 || (file = tmpfile()) == nullptr || (wide_file = tmpfile()) == nullptr ||
      fwrite(text, 1, 20, file) != 20) {
    return 1;
  }
  step::Meeting meeting(2);  // or the second may start with memory that the first has given back
  std::thread caller([&] {
    meeting.arrive();
    call_all();
  });
  std::thread toucher([&] {
    meeting.arrive();
    touch_all();
  });
  caller.join();
  toucher.join();
}
