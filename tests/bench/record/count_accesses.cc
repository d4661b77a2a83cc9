// SPDX-License-Identifier: Apache-2.0
// How many accesses a program makes, as ThreadSanitizer's pass sees them: stands in for ThreadSanitizer's runtime, does
// what the atomic calls ask for, counts the rest. A copy counts as a read and a write. At the end `accesses N` goes to
// stderr.
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace {

std::atomic<std::uint64_t> g_accesses{0};

// One per thread; adds itself up when the thread ends.
struct Count {
  std::uint64_t value = 0;
  ~Count() { g_accesses.fetch_add(value, std::memory_order_relaxed); }  // relaxed: a sum, read after the joins
};
thread_local Count t_count;

struct Report {
  ~Report() {
    std::fprintf(stderr, "accesses %llu\n",
                 static_cast<unsigned long long>(g_accesses.load(std::memory_order_relaxed) + t_count.value));
  }
};
const Report g_report;

}  // namespace

#define GORDIAN_COUNT(name) \
  extern "C" void __tsan_##name(void*) { ++t_count.value; }
#define GORDIAN_COUNT_SIZES(kind) \
  GORDIAN_COUNT(kind##1)          \
  GORDIAN_COUNT(kind##2)          \
  GORDIAN_COUNT(kind##4)          \
  GORDIAN_COUNT(kind##8)          \
  GORDIAN_COUNT(kind##16)
GORDIAN_COUNT_SIZES(read)
GORDIAN_COUNT_SIZES(write)
GORDIAN_COUNT_SIZES(read_write)
GORDIAN_COUNT_SIZES(unaligned_read)
GORDIAN_COUNT_SIZES(unaligned_write)
GORDIAN_COUNT_SIZES(unaligned_read_write)
GORDIAN_COUNT(vptr_read)

extern "C" {

void __tsan_init() {}
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}
void __tsan_vptr_update(void**, void*) { ++t_count.value; }
void __tsan_read_range(void*, std::uint64_t) { ++t_count.value; }
void __tsan_write_range(void*, std::uint64_t) { ++t_count.value; }
void* __tsan_memcpy(void* to, const void* from, std::uint64_t bytes) {
  t_count.value += 2;
  return std::memcpy(to, from, bytes);
}
void* __tsan_memmove(void* to, const void* from, std::uint64_t bytes) {
  t_count.value += 2;
  return std::memmove(to, from, bytes);
}
void* __tsan_memset(void* to, int value, std::uint64_t bytes) {
  ++t_count.value;
  return std::memset(to, value, bytes);
}
void __tsan_atomic_thread_fence(int) { std::atomic_thread_fence(std::memory_order_seq_cst); }
void __tsan_atomic_signal_fence(int) { std::atomic_signal_fence(std::memory_order_seq_cst); }

// seq_cst, all: at least as strong as whatever the program asked for.
#define GORDIAN_ATOMIC(bits)                                                                                          \
  using A##bits = std::uint##bits##_t;                                                                                \
  A##bits __tsan_atomic##bits##_load(const volatile A##bits* a, int) { return __atomic_load_n(a, __ATOMIC_SEQ_CST); } \
  void __tsan_atomic##bits##_store(volatile A##bits* a, A##bits v, int) { __atomic_store_n(a, v, __ATOMIC_SEQ_CST); } \
  A##bits __tsan_atomic##bits##_exchange(volatile A##bits* a, A##bits v, int) {                                       \
    return __atomic_exchange_n(a, v, __ATOMIC_SEQ_CST);                                                               \
  }                                                                                                                   \
  A##bits __tsan_atomic##bits##_fetch_add(volatile A##bits* a, A##bits v, int) {                                      \
    return __atomic_fetch_add(a, v, __ATOMIC_SEQ_CST);                                                                \
  }                                                                                                                   \
  A##bits __tsan_atomic##bits##_fetch_sub(volatile A##bits* a, A##bits v, int) {                                      \
    return __atomic_fetch_sub(a, v, __ATOMIC_SEQ_CST);                                                                \
  }                                                                                                                   \
  A##bits __tsan_atomic##bits##_fetch_and(volatile A##bits* a, A##bits v, int) {                                      \
    return __atomic_fetch_and(a, v, __ATOMIC_SEQ_CST);                                                                \
  }                                                                                                                   \
  A##bits __tsan_atomic##bits##_fetch_or(volatile A##bits* a, A##bits v, int) {                                       \
    return __atomic_fetch_or(a, v, __ATOMIC_SEQ_CST);                                                                 \
  }                                                                                                                   \
  A##bits __tsan_atomic##bits##_compare_exchange_val(volatile A##bits* a, A##bits expected, A##bits v, int, int) {    \
    __atomic_compare_exchange_n(a, &expected, v, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);                          \
    return expected;                                                                                                  \
  }
GORDIAN_ATOMIC(8)
GORDIAN_ATOMIC(16)
GORDIAN_ATOMIC(32)
GORDIAN_ATOMIC(64)

}  // extern "C"
