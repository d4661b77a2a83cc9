// SPDX-License-Identifier: Apache-2.0
// What libstdc++.so touches of a stream while the program's own code does not: the width that formatted output resets,
// and where the buffer stands. Only of buffers whose code is the library's (std::stringbuf, std::filebuf): others are
// the program's, instrumented, and may well be made for several threads. Nothing is said of std::cout and its kin,
// which the standard lets everybody use at once ([iostream.objects.overview]).
#pragma once

#include <cstdint>

namespace gordian::rt::streams {

// `stream`: a std::ostream, a std::istream; read where the call that is recorded reads it too.
void record_format(const void* stream, std::uint32_t site) noexcept;
void record_put_position(const void* stream, std::uint32_t site) noexcept;
void record_get_position(const void* stream, std::uint32_t site) noexcept;
void record_string(const void* string, std::uint32_t site) noexcept;

}  // namespace gordian::rt::streams
