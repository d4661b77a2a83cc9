// SPDX-License-Identifier: Apache-2.0
// The runtime's own memory, straight from the kernel: the C library's mmap is the program's, and is recorded.
#pragma once

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>

namespace gordian::rt::record {

// Zero pages, committed when touched. MAP_FAILED and errno if there is no room.
inline void* map_own(std::size_t bytes) noexcept {
  return reinterpret_cast<void*>(
      syscall(SYS_mmap, nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
}

inline void unmap_own(void* memory, std::size_t bytes) noexcept { syscall(SYS_munmap, memory, bytes); }

}  // namespace gordian::rt::record
