// SPDX-License-Identifier: Apache-2.0
// Stands before libstdc++'s own header of this name, in instrumented programs only. ctype<char>::narrow and widen are
// const, and const functions of the library may run at once; but they keep what they found in plain variables of the
// facet (GCC bug 77704), which every use of <regex> in two threads would show. That race is the library's, harmless on
// our machines, and nobody who includes the header can mend it: what the header does itself is not recorded.
#pragma once
#pragma GCC system_header
#if defined(__GORDIAN__) && defined(__clang__) && defined(__cplusplus)
// What it includes stays as it is.
#include <bits/cpp_type_traits.h>
#include <bits/ios_base.h>
#include <bits/streambuf_iterator.h>

#include <cctype>
#include <cwctype>
#include <ext/numeric_traits.h>
#include <ext/type_traits.h>
#include <iosfwd>
#include <streambuf>
#pragma clang attribute push(__attribute__((no_sanitize("thread"))), apply_to = function)
#include_next <bits/locale_facets.h>
#pragma clang attribute pop
#else
#include_next <bits/locale_facets.h>
#endif
