// SPDX-License-Identifier: Apache-2.0
// Stands before libstdc++'s own header of this name, in instrumented programs only. What manipulators change in a
// stream (width, base, precision) is also changed and read by libstdc++.so, and std::cout may be used by all threads at
// once. Whether two outputs meet is told where they are made (runtime/hooks/stream_model.h); what the header does
// itself is not recorded.
#pragma once
#pragma GCC system_header
#if defined(__GORDIAN__) && defined(__clang__) && defined(__cplusplus)
// What it includes stays as it is.
#include <bits/locale_classes.h>
#include <bits/localefwd.h>

#include <ext/atomicity.h>
#include <iosfwd>
#include <stdexcept>
#include <system_error>
#pragma clang attribute push(__attribute__((no_sanitize("thread"))), apply_to = function)
#include_next <bits/ios_base.h>
#pragma clang attribute pop
#else
#include_next <bits/ios_base.h>
#endif
