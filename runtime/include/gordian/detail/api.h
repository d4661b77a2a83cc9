// SPDX-License-Identifier: Apache-2.0
// What every public header needs: the mark of an exported name, and Clang's thread-safety words.
#pragma once

#define GORDIAN_API __attribute__((visibility("default")))

#if defined(__clang__)
#define GORDIAN_TSA(x) __attribute__((x))
#else
#define GORDIAN_TSA(x)
#endif
