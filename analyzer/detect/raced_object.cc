// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/raced_object.h"

#include <string>

#include "analyzer/detect/describe.h"

namespace gordian::analysis {
namespace {

using trace::MemoryKind;
using trace::NameKind;

struct Variable {
  std::string name;
  NameKind kind = NameKind::none;
};

int rank(const SiteInfo* site) {
  if (site == nullptr || site->name.empty()) {
    return 3;
  }
  const bool is_behind_a_pointer = site->name.starts_with('*');  // tells of the way, not of the thing
  return is_behind_a_pointer || site->name_kind == NameKind::field ? 2 : site->name_kind == NameKind::local ? 0 : 1;
}

// The two sides may know the memory by different names (`job.input` where it lives, `Job::input` behind a reference).
// The most telling one is taken, whichever came first in this run: finding ids are made of it.
Variable variable(const Scene& scene, const PastAccess& one, const PastAccess& other) {
  const auto site_of = [&](const PastAccess& side) {
    return side.ends_life ? nullptr : scene.symbols.access_site(side.function, side.site);
  };
  const SiteInfo* best = site_of(one);
  const SiteInfo* second = site_of(other);
  if (rank(second) < rank(best) || (rank(second) == rank(best) && rank(best) < 3 && second->name < best->name)) {
    best = second;
  }
  return rank(best) == 3 ? Variable{} : Variable{best->name, best->name_kind};
}

ObjectClass class_of(MemoryKind kind) {
  switch (kind) {
    case MemoryKind::heap:
    case MemoryKind::map:
      return ObjectClass::heap;
    case MemoryKind::thread_local_block:
      return ObjectClass::thread_local_variable;
    default:
      return ObjectClass::stack;
  }
}

}  // namespace

ObjectRef raced_object(const Scene& scene, const PastAccess& one, const PastAccess& other, std::uint64_t address,
                       const MemoryBlock* block) {
  ObjectRef object = scene.symbols.global_at(address);
  if (object.object_class != ObjectClass::none) {
    return object;
  }
  const auto [name, kind] = variable(scene, one, other);
  object.name = name;
  object.address = address;
  if (block != nullptr) {
    object.object_class = class_of(block->kind);
    if (object.object_class == ObjectClass::heap) {
      object.address = block->address;
      object.size = block->size;
      object.created = Describer(scene).stack(block->place);
    }
  } else if (kind == NameKind::local) {
    object.object_class = ObjectClass::stack;
  } else if (kind == NameKind::field) {
    object.object_class = ObjectClass::field;
  }
  return object;
}

}  // namespace gordian::analysis
