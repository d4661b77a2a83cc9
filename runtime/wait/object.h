// SPDX-License-Identifier: Apache-2.0
// What can be waited for. Its id is given, and its Object event written, at the first use that is recorded, in the
// child of a fork once more; unrecorded programs never get here.
#pragma once

#include "gordian/detail/object_state.h"
#include "runtime/record/recorder.h"

namespace gordian::rt::wait {

using Object = gordian::detail::ObjectState;

std::uint64_t identify_slow(Object& object, const void* address, std::uint64_t capacity) noexcept;

// The object's id, 0 while nothing is recorded. address: of the variable that people know.
inline std::uint64_t identify(Object& object, const void* address, std::uint64_t capacity = 0) noexcept {
  if (!record::enabled()) {
    return 0;
  }
  // acquire: pairs with the release in identify_slow; the Object event was written before.
  const std::uint64_t id = object.id.load(std::memory_order_acquire);
  return record::is_introduced(id) ? id : identify_slow(object, address, capacity);
}

}  // namespace gordian::rt::wait
