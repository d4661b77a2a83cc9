// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/shadow_stack.h"

#include <sys/mman.h>

#include <cerrno>

#include "runtime/record/own_memory.h"

namespace gordian::rt::record {

gordian_rt_frame* allocate_frames(std::size_t machine_stack_bytes) noexcept {
  const int saved = errno;
  const std::size_t bytes = shadow_bytes(machine_stack_bytes);
  void* memory = map_own(bytes + kPageBytes);
  if (memory == MAP_FAILED) {
    errno = saved;
    return nullptr;
  }
  if (mprotect(static_cast<char*>(memory) + bytes, kPageBytes, PROT_NONE) != 0) {
    unmap_own(memory, bytes + kPageBytes);
    memory = nullptr;
  }
  errno = saved;
  return static_cast<gordian_rt_frame*>(memory);
}

void release_frames(gordian_rt_frame* frames, std::size_t machine_stack_bytes) noexcept {
  if (frames != nullptr) {
    unmap_own(frames, shadow_bytes(machine_stack_bytes) + kPageBytes);
  }
}

}  // namespace gordian::rt::record
