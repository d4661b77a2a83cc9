// SPDX-License-Identifier: Apache-2.0
// The models against the library: what a model pretends to write is, word for word, what the library's function leaves
// behind, and the library changes no word that the model has not written.
#include <gtest/gtest.h>

#include <cstring>
#include <list>
#include <map>
#include <random>
#include <set>
#include <unordered_map>
#include <vector>

#include "runtime/hooks/list_model.h"
#include "runtime/hooks/tree_model.h"

namespace gordian::test {
namespace {

using rt::nodes::List;
using rt::nodes::Tree;
using rt::nodes::Word;

Word word(const void* pointer) { return reinterpret_cast<Word>(pointer); }

// Keeps what was stored, and with how many bytes.
class Pretended {
 public:
  Word load(Word address, unsigned bytes) {
    if (const auto known = stored_.find(address); known != stored_.end()) {
      return known->second.first;
    }
    return real(address, bytes);
  }
  void store(Word address, Word value, unsigned bytes) { stored_[address] = {value, bytes}; }
  [[nodiscard]] bool is_full() const { return false; }

  static Word real(Word address, unsigned bytes) {
    Word value = 0;
    std::memcpy(&value, reinterpret_cast<const void*>(address), bytes);
    return value;
  }
  void expect_done() const {
    for (const auto& [address, entry] : stored_) {
      EXPECT_EQ(real(address, entry.second), entry.first);
    }
  }
  [[nodiscard]] bool has(Word address) const { return stored_.contains(address); }

 private:
  std::map<Word, std::pair<Word, unsigned>> stored_;
};

// All words of some nodes, to see which of them change.
template <class Node>
class Watched {
 public:
  explicit Watched(std::vector<const Node*> nodes) : nodes_(std::move(nodes)) {
    for (const Node* node : nodes_) {
      before_.push_back(words_of(node));
    }
  }
  void expect_changes_only_in(const Pretended& memory) const {
    for (std::size_t index = 0; index < nodes_.size(); ++index) {
      const std::vector<Word> now = words_of(nodes_[index]);
      for (std::size_t at = 0; at < now.size(); ++at) {
        EXPECT_TRUE(now[at] == before_[index][at] || memory.has(word(nodes_[index]) + at * 8)) << "word " << at;
      }
    }
  }

 private:
  static std::vector<Word> words_of(const Node* node) {
    std::vector<Word> words(sizeof(Node) / 8);
    for (std::size_t at = 0; at < words.size(); ++at) {
      words[at] = Pretended::real(word(node) + at * 8, at == 0 && sizeof(Node) == 32 ? 4 : 8);
    }
    return words;
  }
  std::vector<const Node*> nodes_;
  std::vector<std::vector<Word>> before_;
};

using TreeNode = std::_Rb_tree_node_base;

// A set of numbers on the library's own functions.
struct Numbers {
  struct Node : TreeNode {
    int number = 0;
  };
  TreeNode header{std::_S_red, nullptr, &header, &header};
  std::vector<Node> pool = std::vector<Node>(400);
  std::vector<Node*> in;

  [[nodiscard]] Watched<TreeNode> watch() const {
    std::vector<const TreeNode*> nodes{&header};
    for (const Node& node : pool) {
      nodes.push_back(&node);
    }
    return Watched<TreeNode>(std::move(nodes));
  }
  void insert(Node& node) {
    TreeNode* parent = &header;
    bool left = true;
    for (TreeNode* at = header._M_parent; at != nullptr; at = left ? at->_M_left : at->_M_right) {
      parent = at;
      left = node.number < static_cast<Node*>(at)->number;
    }
    const Watched<TreeNode> before = watch();
    Pretended memory;
    Tree(memory, word(&header)).insert(left, word(&node), word(parent));
    std::_Rb_tree_insert_and_rebalance(left, &node, parent, header);
    memory.expect_done();
    before.expect_changes_only_in(memory);
    in.push_back(&node);
  }
  void erase(std::size_t index) {
    Node* node = in[index];
    in.erase(in.begin() + static_cast<std::ptrdiff_t>(index));
    const Watched<TreeNode> before = watch();
    Pretended memory;
    Tree(memory, word(&header)).erase(word(node));
    std::_Rb_tree_rebalance_for_erase(node, header);
    memory.expect_done();
    before.expect_changes_only_in(memory);
  }
};

TEST(TreeModel, InsertsAndErasesAsTheLibraryDoes) {
  std::mt19937 random(7);
  for (int round = 0; round < 40; ++round) {
    Numbers numbers;
    std::size_t fresh = 0;
    while (fresh < numbers.pool.size() / 4) {
      if (numbers.in.empty() || random() % 5 < 3) {
        Numbers::Node& node = numbers.pool[fresh++];
        node.number = static_cast<int>(round % 2 == 0 ? random() % 1000 : fresh);
        numbers.insert(node);
      } else {
        numbers.erase(random() % numbers.in.size());
      }
      ASSERT_FALSE(testing::Test::HasFailure()) << "round " << round << ", " << numbers.in.size() << " nodes";
    }
    while (!numbers.in.empty()) {
      numbers.erase(random() % numbers.in.size());
    }
  }
}

// The last node that is looked at is the neighbour or, where there is none, the header.
TEST(TreeModel, LooksAtNothingButNodesOnTheWay) {
  class Counted : public Pretended {
   public:
    Word load(Word address, unsigned bytes) {
      ++loads;
      return Pretended::load(address, bytes);
    }
    int loads = 0;
  };
  Numbers numbers;
  for (int i = 0; i < 7; ++i) {
    numbers.pool[static_cast<std::size_t>(i)].number = i;
    numbers.insert(numbers.pool[static_cast<std::size_t>(i)]);
  }
  // 1 is the root, its right child is 3, whose left one is 2, which has none.
  Counted down;
  Tree(down).next(word(&numbers.pool[1]));
  EXPECT_EQ(down.loads, 3);
  // 0 has no right child; it is 1's left one; and 0's right child once more, for a tree of one node.
  Counted up;
  Tree(up).next(word(&numbers.pool[0]));
  EXPECT_EQ(up.loads, 4);
  Counted from_header;
  Tree(from_header).previous(word(&numbers.header));
  EXPECT_EQ(from_header.loads, 4) << "its colour, the root, the root's parent, the last";
}

using ListNode = std::__detail::_List_node_base;

struct Chain {
  explicit Chain(std::size_t count) : nodes(count + 1) {
    nodes[0]._M_next = nodes[0]._M_prev = nodes.data();
    for (std::size_t i = 1; i <= count; ++i) {
      check([&](List<Pretended> list) { list.hook(word(&nodes[i]), word(&nodes[0])); },
            [&] { nodes[i]._M_hook(&nodes[0]); });
    }
  }
  template <class Model, class Real>
  void check(Model model, Real real, const Chain* other = nullptr) {
    std::vector<const ListNode*> all;
    for (const Chain* chain : {static_cast<const Chain*>(this), other}) {
      for (std::size_t i = 0; chain != nullptr && i < chain->nodes.size(); ++i) {
        all.push_back(&chain->nodes[i]);
      }
    }
    const Watched<ListNode> before(all);
    Pretended memory;
    model(List<Pretended>(memory));
    real();
    memory.expect_done();
    before.expect_changes_only_in(memory);
  }
  std::vector<ListNode> nodes;
};

TEST(ListModel, HooksMovesAndReversesAsTheLibraryDoes) {
  Chain chain(6);
  ListNode* const n = chain.nodes.data();
  const auto transfer = [&](int to, int first, int last) {
    chain.check([&](auto list) { list.transfer(word(n + to), word(n + first), word(n + last)); },
                [&] { n[to]._M_transfer(n + first, n + last); });
  };
  transfer(0, 1, 3);
  transfer(5, 6, 0);
  transfer(4, 5, 4);
  chain.check([&](auto list) { list.unhook(word(n + 3)); }, [&] { n[3]._M_unhook(); });
  chain.check([&](auto list) { list.reverse(word(n)); }, [&] { n->_M_reverse(); });
}

TEST(ListModel, SwapsFullAndEmptyOnes) {
  for (const std::size_t ones : {0u, 1u, 3u}) {
    for (const std::size_t others : {0u, 2u}) {
      Chain one(ones);
      Chain other(others);
      one.check([&](auto list) { list.swap(word(&one.nodes[0]), word(&other.nodes[0])); },
                [&] { ListNode::swap(one.nodes[0], other.nodes[0]); }, &other);
    }
  }
}

TEST(HashModel, WritesTheLimitOnlyWhenItIsReached) {
  std::__detail::_Prime_rehash_policy policy;
  policy._M_next_resize = 10;
  Pretended below;
  rt::nodes::look_whether_to_grow(below, word(&policy), 8, 2);
  EXPECT_FALSE(below.has(word(&policy._M_next_resize)));
  Pretended above;
  rt::nodes::look_whether_to_grow(above, word(&policy), 10, 1);
  EXPECT_TRUE(above.has(word(&policy._M_next_resize)));
}

}  // namespace
}  // namespace gordian::test
