// SPDX-License-Identifier: Apache-2.0
// Accesses: the slow path of the inline append, and ranges. The slow path is preserve_most, so that instrumented code
// keeps its registers across it; its C name is attached by hand, because abi/hooks.h declares it for C.
#include "runtime/abi/hooks.h"
#include "runtime/record/access_stream.h"
#include "runtime/record/recorder.h"
#include "runtime/trace/access_word.h"

namespace gordian::rt {

namespace {

// Unrecorded: the cursor runs round in the scratch buffer, and the limit holds until the next function entry.
std::uint64_t* scratch_room(std::uint64_t words) noexcept {
  std::uint64_t* const end = record::t_scratch + record::kScratchWords;
  std::uint64_t* cursor = gordian_rt_thread.access_cursor;
  if (cursor < record::t_scratch || cursor + words > end) {
    cursor = record::t_scratch;
    gordian_rt_thread.access_cursor = cursor;
  }
  gordian_rt_thread.access_limit = end;
  return cursor;
}

std::uint64_t* room(std::uint64_t words) noexcept {
  return record::enabled() ? record::access_room(words) : scratch_room(words);
}

}  // namespace

extern "C" __attribute__((preserve_most, visibility("default"))) std::uint64_t* access_slow(
    std::uint64_t words) noexcept __asm__("gordian_rt_access_slow");

__attribute__((preserve_most)) std::uint64_t* access_slow(std::uint64_t words) noexcept { return room(words); }

}  // namespace gordian::rt

void gordian_rt_range(const void* address, uint64_t bytes, uint32_t site) noexcept {
  using namespace gordian;
  if (!rt::record::enabled() || bytes == 0) {
    return;
  }
  constexpr std::uint64_t kWords = 3;
  std::uint64_t* cursor = gordian_rt_thread.access_cursor;
  if (cursor + kWords > gordian_rt_thread.access_limit) {
    cursor = rt::room(kWords);
  }
  cursor[0] = trace::control_word(trace::ControlType::range, site);
  cursor[1] = reinterpret_cast<std::uintptr_t>(address);
  cursor[2] = bytes;
  gordian_rt_thread.access_cursor = cursor + kWords;
}
