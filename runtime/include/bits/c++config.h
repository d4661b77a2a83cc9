// SPDX-License-Identifier: Apache-2.0
// Stands before libstdc++'s own header of this name, in instrumented programs only. Before C++20 std::string is taken
// from libstdc++.so, where nothing is recorded; -1 is the library's own way to say that the program compiles it itself.
#pragma GCC system_header
#include_next <bits/c++config.h>

#if defined(__GORDIAN__) && defined(_GLIBCXX_EXTERN_TEMPLATE)
#undef _GLIBCXX_EXTERN_TEMPLATE
#define _GLIBCXX_EXTERN_TEMPLATE -1
#endif
