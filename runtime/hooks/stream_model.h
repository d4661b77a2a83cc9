// SPDX-License-Identifier: Apache-2.0
// What libstdc++.so touches of a stream while the program's own code does not: the width that formatted output resets,
// the flags and the precision that it reads and manipulators change, and where the buffer stands. Only of buffers whose
// code is the library's (std::basic_stringbuf, std::basic_filebuf): others are the program's, instrumented, and may
// well be made for several threads. Nothing is said of std::cout and its kin, which the standard lets everybody use at
// once
// ([iostream.objects.overview]).
#pragma once

#include <cstdint>
#include <istream>

#include "runtime/abi/hooks.h"

namespace gordian::rt::streams {

// False: no rule of streams. `address` is read where the call that is recorded reads it too.
bool record(gordian_rt_extent_rule rule, const void* address, std::uint64_t a, std::uint32_t site) noexcept;

// How many bytes the istream has read last.
template <class Char>
std::uint64_t count_of(const void* stream) noexcept {
  return static_cast<std::uint64_t>(static_cast<const std::basic_istream<Char>*>(stream)->gcount()) * sizeof(Char);
}

}  // namespace gordian::rt::streams
