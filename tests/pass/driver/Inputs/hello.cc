// SPDX-License-Identifier: Apache-2.0
// What a program can see of the wrapper that compiled it.
#include <cstdio>

#if !__has_feature(thread_sanitizer)
#error "the wrapper did not ask for instrumentation"
#endif
#define JOIN(a, b) a##b
#define NAME(b) JOIN(__GORDIAN__is, b)

int greeted;
int NAME(1);
#ifndef LIBRARY
extern "C" void plain();

int main() {
  plain();
  std::puts("hello");
  greeted = 1;
}
#endif
