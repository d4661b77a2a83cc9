// SPDX-License-Identifier: Apache-2.0
// What libstdc++.so does to the nodes of std::map and std::set: red-black insertion and deletion (Cormen, Leiserson,
// Rivest, Stein: Introduction to Algorithms, ch. 13), on a memory that only pretends to write. The node's layout and
// the header (root, leftmost, rightmost) are part of libstdc++'s ABI; a test holds every word that is written here
// against the word that the library leaves behind.
//
// Memory: Word load(Word address, unsigned bytes); void store(Word address, Word value, unsigned bytes); bool
// is_full(): then the tree is no tree, or another thread is at it, and the walk ends.
#pragma once

#include <cstdint>

namespace gordian::rt::nodes {

using Word = std::uint64_t;

template <class Memory>
class Tree {
 public:
  explicit Tree(Memory& memory, Word header = 0) : memory_(memory), header_(header) {}

  void insert(bool to_left, Word node, Word parent);
  void erase(Word node);
  void next(Word node) { step(node, kRight); }
  void previous(Word node);

 private:
  enum Side : unsigned { kLeft = 0, kRight = 1 };
  enum Color : Word { kRed = 0, kBlack = 1 };
  static constexpr unsigned kColorBytes = 4;
  static constexpr Word kParent = 8;
  static constexpr Word kChildren = 16;

  static Side other(Side side) { return side == kLeft ? kRight : kLeft; }
  Word color(Word node) { return memory_.load(node, kColorBytes); }
  Word parent(Word node) { return memory_.load(node + kParent, 8); }
  Word child(Word node, Side side) { return memory_.load(node + kChildren + side * 8, 8); }
  void set_color(Word node, Word color) { memory_.store(node, color, kColorBytes); }
  void set_parent(Word node, Word parent) { memory_.store(node + kParent, parent, 8); }
  void set_child(Word node, Side side, Word child) { memory_.store(node + kChildren + side * 8, child, 8); }
  // The header's parent is the root, its children are the outermost nodes.
  Word root() { return parent(header_); }
  bool is_red(Word node) { return node != 0 && color(node) == kRed; }

  Side side_of(Word node, Word parent) { return node == child(parent, kLeft) ? kLeft : kRight; }
  Word outermost(Word node, Side side);
  void step(Word node, Side side);
  void replace(Word node, Word by);
  void rotate(Word node, Side side);
  void detach(Word node, Word child);
  Word put_in_place(Word node, Word successor, Word child);
  void repair(Word node, Word parent);
  void repair_below(Word parent, Word sibling, Side side);

  Memory& memory_;
  Word header_;
};

template <class Memory>
Word Tree<Memory>::outermost(Word node, Side side) {
  for (Word further = child(node, side); further != 0 && !memory_.is_full(); further = child(node, side)) {
    node = further;
  }
  return node;
}

// To the neighbour on that side.
template <class Memory>
void Tree<Memory>::step(Word node, Side side) {
  if (const Word below = child(node, side); below != 0) {
    outermost(below, other(side));
    return;
  }
  Word above = parent(node);
  while (node == child(above, side) && !memory_.is_full()) {
    node = above;
    above = parent(above);
  }
  if (side == kRight) {
    child(node, kRight);  // the header's, if the tree has one node
  }
}

template <class Memory>
void Tree<Memory>::previous(Word node) {
  if (is_red(node) && parent(parent(node)) == node) {
    child(node, kRight);  // from the header to the last
  } else {
    step(node, kLeft);
  }
}

// In what hangs above it.
template <class Memory>
void Tree<Memory>::replace(Word node, Word by) {
  if (node == root()) {
    set_parent(header_, by);
  } else {
    const Word above = parent(node);
    set_child(above, side_of(node, above), by);
  }
}

// The node goes down to that side, its other child comes up.
template <class Memory>
void Tree<Memory>::rotate(Word node, Side side) {
  const Word up = child(node, other(side));
  const Word inner = child(up, side);
  set_child(node, other(side), inner);
  if (inner != 0) {
    set_parent(inner, node);
  }
  set_parent(up, parent(node));
  replace(node, up);
  set_child(up, side, node);
  set_parent(node, up);
}

template <class Memory>
void Tree<Memory>::insert(bool to_left, Word node, Word above) {
  const Side side = to_left ? kLeft : kRight;
  set_parent(node, above);
  set_child(node, kLeft, 0);
  set_child(node, kRight, 0);
  set_color(node, kRed);
  set_child(above, side, node);
  if (above == header_) {
    set_parent(header_, node);
    set_child(header_, kRight, node);
  } else if (above == child(header_, side)) {
    set_child(header_, side, node);
  }
  while (node != root() && color(parent(node)) == kRed && !memory_.is_full()) {
    const Word red = parent(node);
    const Word top = parent(red);
    const Side red_side = side_of(red, top);
    const Word uncle = child(top, other(red_side));
    set_color(top, kRed);
    if (is_red(uncle)) {
      set_color(red, kBlack);
      set_color(uncle, kBlack);
      node = top;
      continue;
    }
    if (node == child(red, other(red_side))) {
      node = red;
      rotate(node, red_side);
    }
    set_color(parent(node), kBlack);
    rotate(top, other(red_side));
  }
  set_color(root(), kBlack);
}

// A node with at most one child goes.
template <class Memory>
void Tree<Memory>::detach(Word node, Word below) {
  const Word above = parent(node);
  if (below != 0) {
    set_parent(below, above);
  }
  replace(node, below);
  for (const Side side : {kLeft, kRight}) {
    if (child(header_, side) == node) {
      set_child(header_, side, child(node, other(side)) == 0 ? above : outermost(below, side));
    }
  }
}

// The successor takes the node's place and colour; returns the parent of the child that it leaves behind.
template <class Memory>
Word Tree<Memory>::put_in_place(Word node, Word successor, Word below) {
  set_parent(child(node, kLeft), successor);
  set_child(successor, kLeft, child(node, kLeft));
  Word above = successor;
  if (successor != child(node, kRight)) {
    above = parent(successor);
    if (below != 0) {
      set_parent(below, above);
    }
    set_child(above, kLeft, below);
    set_child(successor, kRight, child(node, kRight));
    set_parent(child(node, kRight), successor);
  }
  replace(node, successor);
  set_parent(successor, parent(node));
  const Word freed = color(successor);
  set_color(successor, color(node));
  set_color(node, freed);
  return above;
}

template <class Memory>
void Tree<Memory>::erase(Word node) {
  const bool two = child(node, kLeft) != 0 && child(node, kRight) != 0;
  const Word successor = two ? outermost(child(node, kRight), kLeft) : node;
  const Word below = !two && child(node, kLeft) != 0 ? child(node, kLeft) : child(successor, kRight);
  Word above = 0;
  if (two) {
    above = put_in_place(node, successor, below);
  } else {
    above = parent(node);
    detach(node, below);
  }
  if (color(node) != kRed) {
    repair(below, above);
  }
}

// One black node is missing below `above` on the side of `node`, which may be null.
template <class Memory>
void Tree<Memory>::repair(Word node, Word above) {
  while (node != root() && !is_red(node) && !memory_.is_full()) {
    const Side side = side_of(node, above);
    Word sibling = child(above, other(side));
    if (is_red(sibling)) {
      set_color(sibling, kBlack);
      set_color(above, kRed);
      rotate(above, side);
      sibling = child(above, other(side));
    }
    if (is_red(child(sibling, kLeft)) || is_red(child(sibling, kRight))) {
      repair_below(above, sibling, side);
      break;
    }
    set_color(sibling, kRed);
    node = above;
    above = parent(above);
  }
  if (node != 0) {
    set_color(node, kBlack);
  }
}

template <class Memory>
void Tree<Memory>::repair_below(Word above, Word sibling, Side side) {
  if (!is_red(child(sibling, other(side)))) {
    set_color(child(sibling, side), kBlack);
    set_color(sibling, kRed);
    rotate(sibling, other(side));
    sibling = child(above, other(side));
  }
  set_color(sibling, color(above));
  set_color(above, kBlack);
  if (const Word outer = child(sibling, other(side)); outer != 0) {
    set_color(outer, kBlack);
  }
  rotate(above, side);
}

}  // namespace gordian::rt::nodes
