// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/handles.h"

#include <llvm/BinaryFormat/Dwarf.h>

#include "instrument/pass/display.h"
#include "instrument/pass/guard_calls.h"

namespace gordian::pass {

bool is_of_library(const llvm::DIType* type) { return is_class(type) && is_library_scope(type->getScope()); }

bool is_handle(const TypePath& place) {
  if (!is_of_library(place.type) || is_lock_guard(qualified_name(*place.type))) {
    return false;
  }
  const llvm::DIType* kept = pointee(member_type(place.type, place.offset, 8));
  return kept != nullptr && (!is_class(kept) || is_of_library(kept));
}

bool is_opaque(const TypePath& place) {
  return place.offset == 0 && (!is_class(place.type) || place.type->getTag() == llvm::dwarf::DW_TAG_union_type);
}

}  // namespace gordian::pass
