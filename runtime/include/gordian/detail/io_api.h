// SPDX-License-Identifier: Apache-2.0
// The door to the runtime's descriptors. Errors are errno values, 0: none. C names, so that the instrumentation knows
// what they do to the memory behind their pointers, as it does of read(2) and write(2).
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>

#include "gordian/detail/api.h"

extern "C" {
// How many bytes were moved; -1: none, and there is an error.
GORDIAN_API ssize_t gordian_io_read(int descriptor, void* buffer, std::size_t bytes, int* error) noexcept;
GORDIAN_API ssize_t gordian_io_write(int descriptor, const void* data, std::size_t bytes, int* error) noexcept;
}

namespace gordian::detail {

// A descriptor, or -errno.
GORDIAN_API int io_accept(int listener, sockaddr* peer, socklen_t* peer_bytes) noexcept;
GORDIAN_API int io_connect(int descriptor, const sockaddr* address, socklen_t bytes) noexcept;
GORDIAN_API int io_close(int descriptor) noexcept;
GORDIAN_API int io_set_deadlines(int descriptor, bool reads, bool writes, std::int64_t steady_ns) noexcept;  // 0: none
GORDIAN_API int io_listen_tcp(const char* address, std::uint16_t port, int backlog) noexcept;
GORDIAN_API int io_connect_tcp(const char* address, std::uint16_t port) noexcept;
GORDIAN_API int io_port(int descriptor) noexcept;

}  // namespace gordian::detail
