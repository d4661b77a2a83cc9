// SPDX-License-Identifier: Apache-2.0
// The heap: who owns which bytes since when. A free is written before the block is given back, an allocation after it
// was obtained, so their tickets order the old owner before the new one. The work is done by the C library's own
// functions under their other names; the runtime's own blocks (record::Internal) are not written.
#include <malloc.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "runtime/intercept/next.h"
#include "runtime/record/recorder.h"
#include "runtime/trace/heap_room.h"

extern "C" {
void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t count, std::size_t bytes);
void* __libc_realloc(void* block, std::size_t bytes);
void* __libc_memalign(std::size_t alignment, std::size_t bytes);
void __libc_free(void* block);
}

namespace gordian::rt::intercept {

namespace {

constinit Next<std::size_t(void*)> g_usable_size{"malloc_usable_size"};

bool is_recorded() noexcept { return record::enabled() && !record::is_internal(); }

void* begin(void* block, std::size_t bytes) noexcept {
  if (block != nullptr && is_recorded()) {
    record::alloc(reinterpret_cast<std::uintptr_t>(block), bytes, trace::MemoryKind::heap);
  }
  return block;
}

void end(void* block) noexcept {
  if (block != nullptr && is_recorded()) {
    record::free(reinterpret_cast<std::uintptr_t>(block), g_usable_size(block), trace::MemoryKind::heap);
  }
}

void* allocate_aligned(std::size_t alignment, std::size_t bytes) noexcept {
  return begin(__libc_memalign(alignment, bytes), bytes);
}

bool is_power_of_two(std::size_t value) noexcept { return value != 0 && (value & (value - 1)) == 0; }

}  // namespace

}  // namespace gordian::rt::intercept

using namespace gordian::rt::intercept;

GORDIAN_REPLACES void* malloc(std::size_t bytes) { return begin(__libc_malloc(bytes), bytes); }

GORDIAN_REPLACES void* calloc(std::size_t count, std::size_t bytes) {
  return begin(__libc_calloc(count, bytes), count * bytes);  // null if the product overflows
}

GORDIAN_REPLACES void free(void* block) {
  end(block);
  __libc_free(block);
}

GORDIAN_REPLACES void* realloc(void* block, std::size_t bytes) {
  const std::size_t before = block == nullptr || !is_recorded() ? 0 : g_usable_size(block);
  end(block);
  void* moved = __libc_realloc(block, bytes);
  if (moved == nullptr && bytes != 0) {
    begin(block, before);  // it failed: the old block lives on
    return nullptr;
  }
  return begin(moved, bytes);
}

GORDIAN_REPLACES void* reallocarray(void* block, std::size_t count, std::size_t bytes) {
  std::size_t product = 0;
  if (__builtin_mul_overflow(count, bytes, &product)) {
    errno = ENOMEM;
    return nullptr;
  }
  return realloc(block, product);
}

// Whoever asks may use all of it.
GORDIAN_REPLACES std::size_t malloc_usable_size(void* block) noexcept {
  const std::size_t bytes = g_usable_size(block);
  if (block != nullptr && is_recorded()) {
    gordian::rt::record::alloc(reinterpret_cast<std::uintptr_t>(block), bytes, gordian::trace::kHeapRoom);
  }
  return bytes;
}

GORDIAN_REPLACES void* memalign(std::size_t alignment, std::size_t bytes) { return allocate_aligned(alignment, bytes); }
GORDIAN_REPLACES void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  return allocate_aligned(alignment, bytes);
}

GORDIAN_REPLACES int posix_memalign(void** block, std::size_t alignment, std::size_t bytes) {
  if (!is_power_of_two(alignment) || alignment % sizeof(void*) != 0) {
    return EINVAL;
  }
  const int saved = errno;
  void* const memory = allocate_aligned(alignment, bytes);
  errno = saved;  // reports by its result alone
  if (memory == nullptr) {
    return ENOMEM;
  }
  *block = memory;
  return 0;
}

GORDIAN_REPLACES void* valloc(std::size_t bytes) { return allocate_aligned(4096, bytes); }
