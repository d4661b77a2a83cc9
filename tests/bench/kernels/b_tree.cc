// SPDX-License-Identifier: Apache-2.0
// An in-memory B+ tree with a reader-writer lock per node (Bayer, Schkolnick 1977): who goes down locks a child before
// it lets go of the parent. An insertion takes readers' locks down to the leaf; if that is full it starts again as a
// writer and splits every full node on its way. SIZE operations of each thread, half of them insertions.
#include <array>
#include <mutex>
#include <shared_mutex>

#include "tests/bench/kernels/kernel.h"

namespace {

constexpr std::size_t kMostKeys = 31;
constexpr std::size_t kMiddle = kMostKeys / 2;

struct Node {
  explicit Node(bool leaf) : is_leaf(leaf) {}
  const bool is_leaf;
  std::shared_mutex mutex;
  std::size_t count = 0;
  std::array<std::uint64_t, kMostKeys> keys{};
  std::array<std::uint64_t, kMostKeys> values{};  // of a leaf
  std::array<Node*, kMostKeys + 1>
      children{};  // of an inner node: child i has the keys from keys[i - 1] to below keys[i]

  [[nodiscard]] bool is_full() const { return count == kMostKeys; }
  [[nodiscard]] std::size_t child_for(std::uint64_t key) const {
    return static_cast<std::size_t>(std::upper_bound(keys.begin(), keys.begin() + count, key) - keys.begin());
  }
  [[nodiscard]] std::size_t place_of(std::uint64_t key) const {
    return static_cast<std::size_t>(std::lower_bound(keys.begin(), keys.begin() + count, key) - keys.begin());
  }
};

class Tree {
 public:
  Tree() = default;
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;
  ~Tree() { destroy(root_); }

  // The value, or 0.
  std::uint64_t find(std::uint64_t key) {
    std::shared_lock<std::shared_mutex> above(root_mutex_);
    Node* node = root_;
    for (;;) {
      std::shared_lock<std::shared_mutex> own(node->mutex);
      above.swap(own);  // own now holds the parent's lock and lets go of it
      if (node->is_leaf) {
        const std::size_t place = node->place_of(key);
        return place < node->count && node->keys[place] == key ? node->values[place] : 0;
      }
      node = node->children[node->child_for(key)];
    }
  }

  void insert(std::uint64_t key, std::uint64_t value) {
    if (!insert_if_room(key, value)) {
      insert_and_split(key, value);
    }
  }

  // In the order of keys; not while others use it.
  template <class Visit>
  void each(const Visit& visit) const {
    each(*root_, visit);
  }

 private:
  bool insert_if_room(std::uint64_t key, std::uint64_t value) {
    std::shared_lock<std::shared_mutex> above(root_mutex_);
    Node* node = root_;
    while (!node->is_leaf) {
      std::shared_lock<std::shared_mutex> own(node->mutex);
      above.swap(own);
      node = node->children[node->child_for(key)];
    }
    const std::unique_lock<std::shared_mutex> leaf(node->mutex);
    above.unlock();
    return insert_into(*node, key, value);
  }

  void insert_and_split(std::uint64_t key, std::uint64_t value) {
    std::unique_lock<std::shared_mutex> above(root_mutex_);
    std::unique_lock<std::shared_mutex> own(root_->mutex);
    Node* node = root_;
    if (node->is_full()) {
      auto* const root = new Node(false);
      root->children[0] = node;
      split_child(*root, 0);
      root_ = root;
      own.unlock();  // first, so that a child's lock is never held while its parent's is taken
      own = std::unique_lock<std::shared_mutex>(root->mutex);
      node = root;
    }
    while (!node->is_leaf) {
      const std::size_t place = node->child_for(key);
      Node* child = node->children[place];
      std::unique_lock<std::shared_mutex> below(child->mutex);
      if (child->is_full()) {
        split_child(*node, place);
        if (key >= node->keys[place]) {
          child = node->children[place + 1];
          below.unlock();
          below = std::unique_lock<std::shared_mutex>(child->mutex);
        }
      }
      above = std::move(own);
      own = std::move(below);
      node = child;
    }
    insert_into(*node, key, value);
  }

  // False: no room. A key that is there keeps its place and gets the value.
  static bool insert_into(Node& leaf, std::uint64_t key, std::uint64_t value) {
    const std::size_t place = leaf.place_of(key);
    if (place < leaf.count && leaf.keys[place] == key) {
      leaf.values[place] = value;
      return true;
    }
    if (leaf.is_full()) {
      return false;
    }
    std::copy_backward(&leaf.keys[place], leaf.keys.data() + leaf.count, leaf.keys.data() + leaf.count + 1);
    std::copy_backward(&leaf.values[place], leaf.values.data() + leaf.count, leaf.values.data() + leaf.count + 1);
    leaf.keys[place] = key;
    leaf.values[place] = value;
    ++leaf.count;
    return true;
  }

  // The upper half of a full child moves into a new node beside it. Of an inner child the middle key moves up.
  static void split_child(Node& parent, std::size_t place) {
    Node& left = *parent.children[place];
    auto* const right = new Node(left.is_leaf);
    const std::size_t from = left.is_leaf ? kMiddle : kMiddle + 1;
    right->count = kMostKeys - from;
    std::copy(left.keys.begin() + from, left.keys.end(), right->keys.begin());
    if (left.is_leaf) {
      std::copy(left.values.begin() + from, left.values.end(), right->values.begin());
    } else {
      std::copy(left.children.begin() + from, left.children.end(), right->children.begin());
    }
    left.count = kMiddle;
    std::copy_backward(parent.keys.begin() + place, parent.keys.begin() + parent.count,
                       parent.keys.begin() + parent.count + 1);
    std::copy_backward(parent.children.begin() + place + 1, parent.children.begin() + parent.count + 1,
                       parent.children.begin() + parent.count + 2);
    parent.keys[place] = left.keys[kMiddle];
    parent.children[place + 1] = right;
    ++parent.count;
  }

  template <class Visit>
  static void each(const Node& node, const Visit& visit) {
    for (std::size_t i = 0; i < node.count + (node.is_leaf ? 0 : 1); ++i) {
      if (node.is_leaf) {
        visit(node.keys[i], node.values[i]);
      } else {
        each(*node.children[i], visit);
      }
    }
  }

  static void destroy(Node* node) {
    for (std::size_t i = 0; !node->is_leaf && i <= node->count; ++i) {
      destroy(node->children[i]);
    }
    delete node;
  }

  std::shared_mutex root_mutex_;  // of root_, taken before the root's own
  Node* root_ = new Node(true);
};

}  // namespace

int main(int argc, char** argv) {
  const auto [size, threads] = kernel::arguments(argc, argv, 1 << 16);
  Tree tree;
  kernel::in_parallel(threads, [&](unsigned me) {
    kernel::Random random(30 + me);
    for (std::size_t i = 0; i < size; ++i) {
      const std::uint64_t key = random.below(4 * size);
      if (i % 2 == 0) {
        tree.insert(key, kernel::mix(key) | 1);
      } else {
        const std::uint64_t value = tree.find(key);
        kernel::require(value == 0 || value == (kernel::mix(key) | 1), "another key's value");
      }
    }
  });
  kernel::Checksum checksum;
  std::uint64_t next = 0;
  tree.each([&](std::uint64_t key, std::uint64_t value) {
    kernel::require(key >= next && value == (kernel::mix(key) | 1), "the keys are not in order");
    next = key + 1;
    checksum.add(key);
  });
  checksum.print();
}
