// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/callee_kind.h"

#include <atomic>
#include <cstddef>
#include <cstring>

#include "runtime/abi/hooks.h"
#include "runtime/record/loaded_module.h"

namespace gordian::rt::record {

namespace {

// intercept replaces what the C library offers, and the language's runtime libraries build on that and on atomics in
// their headers.
bool is_understood(const char* path) noexcept {
  constexpr const char* kNames[] = {"libc.so",      "libm.so",   "libpthread.so", "libdl.so",         "librt.so",
                                    "libstdc++.so", "libgcc_s.", "ld-linux",      "libgordian_rt.so", "linux-vdso"};
  const char* slash = std::strrchr(path, '/');
  const char* name = slash == nullptr ? path : slash + 1;
  for (const char* known : kNames) {
    if (std::strncmp(name, known, std::strlen(known)) == 0) {
      return true;
    }
  }
  return false;
}

// One of the two words may be somebody else's.
bool is_marked(const void* callee, const LoadedModule& module) noexcept {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  const auto entry = reinterpret_cast<std::uintptr_t>(callee);
  for (std::size_t distance = kWord; distance <= 2 * kWord && entry - module.segment >= distance; distance += kWord) {
    std::uint64_t word = 0;
    std::memcpy(&word, reinterpret_cast<const void*>(entry - distance), kWord);
    if (word == GORDIAN_RT_FUNCTION_MARK) {
      return true;
    }
  }
  return false;
}

// Address and kind in one word, which proves itself: no lock.
constexpr std::size_t kRemembered = 1024;
constexpr unsigned kKindBits = 2;
std::atomic<std::uint64_t> g_remembered[kRemembered] = {};

std::atomic<std::uint64_t>& place_of(std::uint64_t callee) noexcept {
  return g_remembered[callee * 0x9e3779b97f4a7c15u >> 54];
}

}  // namespace

std::uint8_t kind_of(const void* callee) noexcept {
  const LoadedModule module = module_at(callee);
  const bool own = is_understood(module.path) || (module.segment != 0 && is_marked(callee, module));
  return own ? GORDIAN_RT_CALLEE_OWN : GORDIAN_RT_CALLEE_FOREIGN;
}

std::uint8_t remembered_kind_of(const void* callee) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(callee);
  std::atomic<std::uint64_t>& place = place_of(address);
  // relaxed, here and below: nothing else is read behind it.
  if (const std::uint64_t known = place.load(std::memory_order_relaxed); known >> kKindBits == address) {
    return known & ((1 << kKindBits) - 1);
  }
  const std::uint8_t found = kind_of(callee);
  place.store(address << kKindBits | found, std::memory_order_relaxed);
  return found;
}

void forget_kinds() noexcept {
  for (auto& place : g_remembered) {
    place.store(0, std::memory_order_relaxed);  // partner: remembered_kind_of()
  }
}

}  // namespace gordian::rt::record
