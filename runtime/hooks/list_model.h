// SPDX-License-Identifier: Apache-2.0
// What libstdc++.so does to the nodes of std::list, and to the growth limit of the unordered containers, on the memory
// of tree_model.h.
#pragma once

#include "runtime/hooks/tree_model.h"

namespace gordian::rt::nodes {

template <class Memory>
class List {
 public:
  explicit List(Memory& memory) : memory_(memory) {}

  void hook(Word node, Word position) {
    const Word before = previous(position);
    set_next(node, position);
    set_previous(node, before);
    set_next(before, node);
    set_previous(position, node);
  }
  void unhook(Word node) {
    const Word behind = next(node);
    const Word before = previous(node);
    set_next(before, behind);
    set_previous(behind, before);
  }
  // [first, last) comes before `position`.
  void transfer(Word position, Word first, Word last) {
    if (position == last) {
      return;
    }
    const Word end = previous(last);
    set_next(end, position);
    set_next(previous(first), last);
    set_next(previous(position), first);
    const Word before = previous(position);
    set_previous(position, end);
    set_previous(last, previous(first));
    set_previous(first, before);
  }
  void reverse(Word node) {
    Word at = node;
    do {
      const Word behind = next(at);
      set_next(at, previous(at));
      set_previous(at, behind);
      at = behind;
    } while (at != node && at != 0);
  }
  void swap(Word one, Word other);

 private:
  Word next(Word node) { return memory_.load(node, 8); }
  Word previous(Word node) { return memory_.load(node + 8, 8); }
  void set_next(Word node, Word to) { memory_.store(node, to, 8); }
  void set_previous(Word node, Word to) { memory_.store(node + 8, to, 8); }
  // The nodes behind a header hang on it; none, and it hangs on itself.
  void adopt(Word header, Word first, Word last) {
    set_next(header, first);
    set_previous(header, last);
    if (first != header) {
      set_previous(first, header);
      set_next(last, header);
    }
  }

  Memory& memory_;
};

template <class Memory>
void List<Memory>::swap(Word one, Word other) {
  const Word ones_first = next(one);
  const Word others_first = next(other);
  if (ones_first == one && others_first == other) {
    return;
  }
  const Word ones_last = previous(one);
  const Word others_last = previous(other);
  adopt(one, others_first == other ? one : others_first, others_first == other ? one : others_last);
  adopt(other, ones_first == one ? other : ones_first, ones_first == one ? other : ones_last);
}

// _Prime_rehash_policy: the largest load, a float, then the count at which the table grows. Each look that finds it
// reached sets it anew.
template <class Memory>
void look_whether_to_grow(Memory& memory, Word policy, Word elements, Word added) {
  constexpr Word kGrowsAt = 8;
  const Word limit = memory.load(policy + kGrowsAt, 8);
  if (elements + added > limit) {
    memory.load(policy, sizeof(float));
    memory.store(policy + kGrowsAt, limit, 8);
  }
}

}  // namespace gordian::rt::nodes
