// SPDX-License-Identifier: Apache-2.0
// Where a thread's thread-local variables lie: the static TLS block ends at the thread pointer (variant II of the
// x86-64 ABI) and begins at the lowest block of a module that was there when the first thread asked. The layout is the
// same for all threads. Blocks of modules that dlopen brings are heap memory of the dynamic linker.
#include <link.h>

#include <algorithm>

#include "runtime/record/recorder.h"

namespace gordian::rt::record {

namespace {

std::uintptr_t thread_pointer() noexcept { return reinterpret_cast<std::uintptr_t>(__builtin_thread_pointer()); }

int note_block(dl_phdr_info* module, std::size_t /*size*/, void* lowest) noexcept {
  auto& low = *static_cast<std::uintptr_t*>(lowest);
  const auto block = reinterpret_cast<std::uintptr_t>(module->dlpi_tls_data);
  if (block != 0 && block < thread_pointer()) {
    low = std::min(low, block);
  }
  return 0;
}

// Asked for by main's thread, before the program could load anything.
std::size_t static_block_bytes() noexcept {
  static const std::size_t bytes = [] {
    std::uintptr_t low = thread_pointer();
    dl_iterate_phdr(note_block, &low);
    return thread_pointer() - low;
  }();
  return bytes;
}

}  // namespace

void alloc_thread_locals() noexcept {
  if (enabled()) {
    const std::size_t bytes = static_block_bytes();
    alloc(thread_pointer() - bytes, bytes, trace::MemoryKind::thread_local_block);
  }
}

}  // namespace gordian::rt::record
