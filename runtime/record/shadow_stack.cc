// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/shadow_stack.h"

#include <sys/mman.h>

#include <cerrno>

namespace gordian::rt::record {

gordian_rt_frame* allocate_frames(std::size_t machine_stack_bytes) noexcept {
  const int saved = errno;
  const std::size_t bytes = shadow_bytes(machine_stack_bytes);
  void* memory =
      mmap(nullptr, bytes + kPageBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    errno = saved;
    return nullptr;
  }
  if (mprotect(static_cast<char*>(memory) + bytes, kPageBytes, PROT_NONE) != 0) {
    munmap(memory, bytes + kPageBytes);
    memory = nullptr;
  }
  errno = saved;
  return static_cast<gordian_rt_frame*>(memory);
}

void release_frames(gordian_rt_frame* frames, std::size_t machine_stack_bytes) noexcept {
  if (frames != nullptr) {
    munmap(frames, shadow_bytes(machine_stack_bytes) + kPageBytes);
  }
}

}  // namespace gordian::rt::record
