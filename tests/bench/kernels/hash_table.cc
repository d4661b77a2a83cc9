// SPDX-License-Identifier: Apache-2.0
// A concurrent hash table under SIZE operations of each thread: 64 shards with a lock each, open addressing, linear
// probing, growth. Keys that all threads count up, and keys of each thread alone, which it also erases; so the contents
// at the end do not depend on who was first.
#include <array>
#include <mutex>
#include <utility>

#include "tests/bench/kernels/kernel.h"

namespace {

constexpr std::size_t kShards = 64;
constexpr std::uint64_t kOwnKeys = std::uint64_t{1} << 32;

// Invariant: no empty slot between where a key belongs and where it is.
class Shard {
 public:
  void add(std::uint64_t key, std::uint64_t count) {
    const std::scoped_lock guard(mutex_);
    if (4 * (used_ + 1) > 3 * slots_.size()) {
      grow();
    }
    Slot& slot = slots_[find(key)];
    used_ += slot.count == 0 ? 1 : 0;
    slot = {key, slot.count + count};
  }

  std::uint64_t count_of(std::uint64_t key) {
    const std::scoped_lock guard(mutex_);
    return slots_[find(key)].count;
  }

  bool erase(std::uint64_t key) {
    const std::scoped_lock guard(mutex_);
    std::size_t hole = find(key);
    if (slots_[hole].count == 0) {
      return false;
    }
    for (std::size_t at = next(hole); slots_[at].count != 0; at = next(at)) {
      const std::size_t wanted = home(slots_[at].key);
      if (((at - wanted) & mask()) >= ((at - hole) & mask())) {  // may move back into the hole
        slots_[hole] = slots_[at];
        hole = at;
      }
    }
    slots_[hole] = Slot{};
    --used_;
    return true;
  }

  // Not while others use it.
  template <class Visit>
  void each(const Visit& visit) const {
    for (const Slot& slot : slots_) {
      if (slot.count != 0) {
        visit(slot.key, slot.count);
      }
    }
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::uint64_t count = 0;  // 0: empty
  };

  [[nodiscard]] std::size_t mask() const { return slots_.size() - 1; }
  [[nodiscard]] std::size_t home(std::uint64_t key) const { return kernel::mix(key) / kShards & mask(); }
  [[nodiscard]] std::size_t next(std::size_t at) const { return (at + 1) & mask(); }

  // The key's slot, or the empty one that it would get.
  [[nodiscard]] std::size_t find(std::uint64_t key) const {
    std::size_t at = home(key);
    while (slots_[at].count != 0 && slots_[at].key != key) {
      at = next(at);
    }
    return at;
  }

  void grow() {
    const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(2 * slots_.size()));
    for (const Slot& slot : old) {
      if (slot.count != 0) {
        slots_[find(slot.key)] = slot;
      }
    }
  }

  std::mutex mutex_;
  std::vector<Slot> slots_ = std::vector<Slot>(16);
  std::size_t used_ = 0;
};

class Table {
 public:
  void add(std::uint64_t key, std::uint64_t count) { shard(key).add(key, count); }
  std::uint64_t count_of(std::uint64_t key) { return shard(key).count_of(key); }
  bool erase(std::uint64_t key) { return shard(key).erase(key); }
  template <class Visit>
  void each(const Visit& visit) const {
    for (const Shard& shard : shards_) {
      shard.each(visit);
    }
  }

 private:
  Shard& shard(std::uint64_t key) { return shards_[kernel::mix(key) % kShards]; }
  std::array<Shard, kShards> shards_;
};

// Returns how many keys of its own it leaves behind.
std::size_t use(Table& table, std::size_t operations, unsigned me) {
  kernel::Random random(20 + me);
  const std::uint64_t first_own = kOwnKeys * (me + 1);
  std::size_t left = 0;
  for (std::size_t i = 0; i < operations; ++i) {
    const std::uint64_t shared = random.below(operations / 2 + 1);
    const std::uint64_t own = first_own + random.below(operations / 2 + 1);
    switch (random.below(8)) {
      case 0:
      case 1:
        table.add(shared, 1);
        break;
      case 2:
        left += table.count_of(own) == 0 ? 1 : 0;
        table.add(own, 1);
        break;
      case 3:
        left -= table.erase(own) ? 1 : 0;
        break;
      default:  // both kinds are only looked up here: what a shared one counts now depends on the others
        kernel::require(table.count_of(shared) <= 64 * operations && table.count_of(own) <= operations,
                        "too large a count");
    }
  }
  return left;
}

}  // namespace

int main(int argc, char** argv) {
  const auto [size, threads] = kernel::arguments(argc, argv, 1 << 16);
  Table table;
  std::vector<std::size_t> left(threads);
  kernel::in_parallel(threads, [&](unsigned me) { left[me] = use(table, size, me); });
  std::size_t own = 0;
  std::uint64_t sum = 0;  // of all entries, in any order
  table.each([&](std::uint64_t key, std::uint64_t count) {
    own += key >= kOwnKeys ? 1 : 0;
    sum += kernel::mix(key ^ kernel::mix(count));
  });
  for (const std::size_t count : left) {
    kernel::require(count <= own, "keys are lost");
    own -= count;
  }
  kernel::require(own == 0, "erased keys are still there");
  kernel::Checksum checksum;
  checksum.add(sum);
  checksum.print();
}
