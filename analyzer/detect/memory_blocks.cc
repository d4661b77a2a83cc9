// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/memory_blocks.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace gordian::analysis {

using trace::MemoryKind;

namespace {

// Functions that the program itself gives memory back with. Others, a library's, may know by means of their own that
// nobody uses it any more: counts of references in their compiled code.
bool is_free(std::string_view callee) {
  constexpr std::string_view kFree[] = {"free", "realloc", "reallocarray", "operator delete", "operator delete[]"};
  return std::find(std::begin(kFree), std::end(kFree), callee) != std::end(kFree);
}

}  // namespace

void MemoryBlocks::step(const Step& step) {
  if (const auto* alloc = trace::event_as<trace::Alloc>(&step.event)) {
    begin(step, *alloc);
  } else if (const auto* free = trace::event_as<trace::Free>(&step.event)) {
    blocks_.erase(free->address);
  } else if (trace::is_event<trace::Exit>(step.event)) {
    exiting_ = true;
  }
}

void MemoryBlocks::begin(const Step& step, const trace::Alloc& alloc) {
  const std::uint64_t end = alloc.address + alloc.size;
  auto next = blocks_.lower_bound(alloc.address);
  if (next != blocks_.begin()) {
    const auto before = std::prev(next);
    next = before->second.ended && alloc.address - before->first < before->second.size ? before : next;
  }
  while (next != blocks_.end() && next->first < end && next->second.ended) {
    next = blocks_.erase(next);
  }
  // The program's thread writes the pieces of an allocation one right after the other.
  const bool goes_on = step.stream == last_.stream && step.ordinal == last_.ordinal + 1 && alloc.address == last_.end &&
                       alloc.address % trace::kStripeBytes == 0;
  blocks_[alloc.address] = {.address = alloc.address,
                            .size = alloc.size,
                            .kind = static_cast<MemoryKind>(alloc.kind),
                            .place = step.place,
                            .actor = step.actor,
                            .goes_on = goes_on};
  last_ = {step.stream, step.ordinal, end};
}

std::uint64_t MemoryBlocks::grow(const trace::Alloc& room) {
  const auto block = blocks_.find(room.address);
  if (block == blocks_.end() || block->second.ended) {
    return room.size;
  }
  const std::uint64_t before = std::min(block->second.size, room.size);
  block->second.size = std::max(block->second.size, room.size);
  return before;
}

// A stack ends with who ran on it. Destructors at the end of the program run when the others have been stopped.
bool MemoryBlocks::ends_a_life(const Step& step, const trace::Free& free) {
  const auto kind = static_cast<MemoryKind>(free.kind);
  if (!step.actor || exiting_ || (kind != MemoryKind::heap && !is_stack(kind))) {
    return false;
  }
  if (is_stack(kind)) {
    return true;
  }
  const FunctionId function = scene_.stacks.node(step.place.stack).function;
  const auto [known, is_new] = frees_.try_emplace({function, step.place.site});
  if (is_new) {
    known->second = is_free(scene_.symbols.callee(scene_.stacks, step.place));
  }
  return known->second;
}

std::uint64_t MemoryBlocks::end(const trace::Free& free) {
  const auto block = blocks_.find(free.address);
  if (block == blocks_.end()) {
    return free.size;
  }
  const bool was_alive = !block->second.ended;
  block->second.ended = true;
  return was_alive ? std::min(block->second.size, free.size) : free.size;
}

std::optional<MemoryBlock> MemoryBlocks::at(std::uint64_t address) const {
  auto piece = blocks_.upper_bound(address);
  if (piece == blocks_.begin() || address - (--piece)->first >= piece->second.size) {
    return std::nullopt;
  }
  const auto goes_on = [](const MemoryBlock& before, const MemoryBlock& after) {
    return after.goes_on && after.address == before.address + before.size && after.ended == before.ended;
  };
  while (piece != blocks_.begin() && goes_on(std::prev(piece)->second, piece->second)) {
    --piece;
  }
  MemoryBlock whole = piece->second;
  for (auto next = std::next(piece); next != blocks_.end() && goes_on(piece->second, next->second); piece = next++) {
    whole.size += next->second.size;
  }
  return whole;
}

}  // namespace gordian::analysis
