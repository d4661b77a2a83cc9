// SPDX-License-Identifier: Apache-2.0
// How threads of the runtime's own are called in the kernel's books, for whoever looks from outside whether a program
// still does anything (analyzer/launch/hang_watch.h): what these do is nothing of the program's.
#pragma once

namespace gordian::trace {

inline constexpr char kLookoutName[] = "gordian-lookout";  // the kernel keeps 15 bytes

}  // namespace gordian::trace
