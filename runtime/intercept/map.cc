// SPDX-License-Identifier: Apache-2.0
// Memory straight from the system. The calls go to the kernel directly: they are made before anything can be looked up.
// What the C library maps for itself (thread stacks, its heap) does not come by here.
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdarg>
#include <cstddef>
#include <cstdint>

#include "runtime/intercept/next.h"
#include "runtime/intercept/order_note.h"

namespace gordian::rt::intercept {

namespace {

std::size_t whole_pages(std::size_t bytes) noexcept {
  constexpr std::size_t kPage = 4096;
  return (bytes + kPage - 1) / kPage * kPage;
}

void begin(void* memory, std::size_t bytes) noexcept {
  if (memory != MAP_FAILED && is_recorded()) {
    record::alloc(reinterpret_cast<std::uintptr_t>(memory), whole_pages(bytes), trace::MemoryKind::map);
  }
}

void end(void* memory, std::size_t bytes) noexcept {
  if (is_recorded()) {
    record::free(reinterpret_cast<std::uintptr_t>(memory), whole_pages(bytes), trace::MemoryKind::map);
  }
}

void* map(void* wanted, std::size_t bytes, int protection, int flags, int file, std::int64_t offset) noexcept {
  auto* const memory = reinterpret_cast<void*>(syscall(SYS_mmap, wanted, bytes, protection, flags, file, offset));
  begin(memory, bytes);
  return memory;
}

}  // namespace

}  // namespace gordian::rt::intercept

using namespace gordian::rt::intercept;

GORDIAN_REPLACES void* mmap(void* wanted, std::size_t bytes, int protection, int flags, int file,
                            off_t offset) noexcept {
  return map(wanted, bytes, protection, flags, file, offset);
}
GORDIAN_REPLACES void* mmap64(void* wanted, std::size_t bytes, int protection, int flags, int file,
                              off64_t offset) noexcept {
  return map(wanted, bytes, protection, flags, file, offset);
}

GORDIAN_REPLACES int munmap(void* memory, std::size_t bytes) noexcept {
  end(memory, bytes);
  return static_cast<int>(syscall(SYS_munmap, memory, bytes));
}

// The old range ends and the new one begins, also where they are the same: nobody else can hold on to either.
GORDIAN_REPLACES void* mremap(void* memory, std::size_t before, std::size_t after, int flags, ...) noexcept {
  va_list rest;
  va_start(rest, flags);
  void* const wanted = (flags & MREMAP_FIXED) != 0 ? va_arg(rest, void*) : nullptr;
  va_end(rest);
  end(memory, before);
  auto* const moved = reinterpret_cast<void*>(syscall(SYS_mremap, memory, before, after, flags, wanted));
  moved == MAP_FAILED ? begin(memory, before) : begin(moved, after);
  return moved;
}
