// SPDX-License-Identifier: Apache-2.0
// Stands before libstdc++'s own header of this name, in instrumented programs only. std::setfill and the state of a
// stream, for the reason that bits/ios_base.h gives.
#pragma once
#pragma GCC system_header
#if defined(__GORDIAN__) && defined(__clang__) && defined(__cplusplus)
// What it includes stays as it is.
#include <bits/locale_classes.h>
#include <bits/locale_facets.h>
#include <bits/localefwd.h>
#include <bits/move.h>
#include <bits/streambuf_iterator.h>
#pragma clang attribute push(__attribute__((no_sanitize("thread"))), apply_to = function)
#include_next <bits/basic_ios.h>
#pragma clang attribute pop
#else
#include_next <bits/basic_ios.h>
#endif
