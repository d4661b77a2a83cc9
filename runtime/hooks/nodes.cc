// SPDX-License-Identifier: Apache-2.0
// Before a function of libstdc++.so changes nodes: the same steps on the side, each load and store recorded.
#include <cstring>

#include "runtime/abi/hooks.h"
#include "runtime/hooks/list_model.h"
#include "runtime/hooks/tree_model.h"
#include "runtime/record/recorder.h"

namespace gordian::rt {

namespace {

using nodes::Word;

// What was stored lies here and not in the nodes.
class SideMemory {
 public:
  SideMemory(std::uint32_t read_site, std::uint32_t write_site) noexcept
      : read_site_(read_site), write_site_(write_site) {}

  Word load(Word address, unsigned bytes) noexcept {
    if (is_nowhere(address)) {
      return 0;
    }
    gordian_rt_range(pointer(address), bytes, read_site_);
    if (const Stored* known = find(address)) {
      return known->value;
    }
    Word value = 0;
    std::memcpy(&value, pointer(address), bytes);
    return value;
  }
  void store(Word address, Word value, unsigned bytes) noexcept {
    if (is_nowhere(address)) {
      return;
    }
    gordian_rt_range(pointer(address), bytes, write_site_);
    if (Stored* known = find(address)) {
      known->value = value;
    } else if (count_ < kRoom) {
      stored_[count_++] = {address, value};
    }
  }
  [[nodiscard]] bool is_full() const noexcept { return broken_ || count_ == kRoom; }

 private:
  struct Stored {
    Word address;
    Word value;
  };
  // An insertion into the deepest tree that fits into memory recolours fewer.
  static constexpr unsigned kRoom = 256;
  static constexpr Word kFirstPage = 4096;

  static void* pointer(Word address) noexcept { return reinterpret_cast<void*>(address); }
  bool is_nowhere(Word address) noexcept {
    broken_ |= address < kFirstPage;
    return broken_;
  }
  Stored* find(Word address) noexcept {
    for (unsigned index = 0; index < count_; ++index) {
      if (stored_[index].address == address) {
        return &stored_[index];
      }
    }
    return nullptr;
  }

  std::uint32_t read_site_;
  std::uint32_t write_site_;
  bool broken_ = false;  // a null pointer where a node must be: another thread is at it
  unsigned count_ = 0;
  Stored stored_[kRoom];
};

using Tree = nodes::Tree<SideMemory>;
using List = nodes::List<SideMemory>;

void walk(gordian_rt_node_helper helper, SideMemory& memory, Word a, Word b, Word c, Word d) noexcept {
  switch (helper) {
    case GORDIAN_RT_NODES_tree_insert:
      return Tree(memory, d).insert(a != 0, b, c);
    case GORDIAN_RT_NODES_tree_erase:
      return Tree(memory, b).erase(a);
    case GORDIAN_RT_NODES_tree_next:
    case GORDIAN_RT_NODES_tree_next_const:
      return Tree(memory).next(a);
    case GORDIAN_RT_NODES_tree_previous:
    case GORDIAN_RT_NODES_tree_previous_const:
      return Tree(memory).previous(a);
    case GORDIAN_RT_NODES_list_hook:
      return List(memory).hook(a, b);
    case GORDIAN_RT_NODES_list_unhook:
      return List(memory).unhook(a);
    case GORDIAN_RT_NODES_list_transfer:
      return List(memory).transfer(a, b, c);
    case GORDIAN_RT_NODES_list_reverse:
      return List(memory).reverse(a);
    case GORDIAN_RT_NODES_list_swap:
      return List(memory).swap(a, b);
    case GORDIAN_RT_NODES_hash_grow:
      return nodes::look_whether_to_grow(memory, a, c, d);
  }
}

}  // namespace

}  // namespace gordian::rt

void gordian_rt_nodes(uint32_t helper, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint32_t read_site,
                      uint32_t write_site) noexcept {
  using namespace gordian::rt;
  if (record::enabled()) {
    SideMemory memory(read_site, write_site);
    walk(static_cast<gordian_rt_node_helper>(helper), memory, a, b, c, d);
  }
}
