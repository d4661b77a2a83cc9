// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/groups.h"

#include <llvm/ADT/MapVector.h>
#include <llvm/Analysis/ScalarEvolutionExpressions.h>

#include <tuple>

namespace gordian::pass {
namespace {

// What members of a group have in common: the base, and of a loop the place, the counts and the strides.
using Family = std::tuple<const llvm::SCEV*, llvm::Instruction*, const llvm::SCEV*, const llvm::SCEV*,
                          const llvm::SCEV*, const llvm::SCEV*>;

struct Member {
  Access* access = nullptr;
  std::uint64_t offset = 0;  // from the base
};

using Families = llvm::MapVector<Family, llvm::SmallVector<Member, 4>>;

// Longer sums are a base as they are: putting them together again would take too long.
constexpr std::size_t kMostParts = 32;

// What is left of an expression without its constant, which is added to `constant`. The constant of a recurrence stands
// in its start.
const llvm::SCEV* strip(const llvm::SCEV* value, llvm::ScalarEvolution& evolution, std::uint64_t& constant) {
  if (const auto* number = llvm::dyn_cast<llvm::SCEVConstant>(value);
      number != nullptr && number->getType()->isIntegerTy(64)) {
    constant += number->getAPInt().getZExtValue();
    return evolution.getZero(number->getType());
  }
  if (const auto* sum = llvm::dyn_cast<llvm::SCEVAddExpr>(value);
      sum != nullptr && sum->getNumOperands() <= kMostParts) {
    const llvm::SCEV* rest = nullptr;
    for (const llvm::SCEV* part : sum->operands()) {
      const llvm::SCEV* stripped = strip(part, evolution, constant);
      rest = rest == nullptr ? stripped : evolution.getAddExpr(rest, stripped);
    }
    return rest;
  }
  if (const auto* moving = llvm::dyn_cast<llvm::SCEVAddRecExpr>(value); moving != nullptr && moving->isAffine()) {
    const llvm::SCEV* start = moving->getStart();
    const llvm::SCEV* stripped = strip(start, evolution, constant);
    return stripped == start ? value
                             : evolution.getAddRecExpr(stripped, moving->getStepRecurrence(evolution),
                                                       moving->getLoop(), llvm::SCEV::FlagAnyWrap);
  }
  return value;
}

std::int64_t distance(const Member& from, const Member& to) {
  return static_cast<std::int64_t>(to.offset - from.offset);
}

void form(llvm::ArrayRef<Member> members, SiteTableWriter& table, Counts& counts) {
  while (!members.empty()) {
    const Member& first = members.front();
    llvm::SmallVector<trace::SiteGroupMember, 8> group;
    for (const Member& member : members.take_front(trace::kMostGroupMembers)) {
      const std::int64_t offset = distance(first, member);
      if (offset != static_cast<std::int32_t>(offset)) {
        break;
      }
      group.push_back({member.access->site, static_cast<std::int32_t>(offset)});
    }
    if (group.size() > 1) {
      counts.add(Count::group, *first.access->instruction);
      first.access->site = table.add_group(group);
      for (const Member& member : members.slice(1, group.size() - 1)) {
        member.access->is_in_group = true;
      }
    }
    members = members.drop_front(group.size());
  }
}

void form(const Families& families, SiteTableWriter& table, Counts& counts) {
  for (const auto& [family, members] : families) {
    form(members, table, counts);
  }
}

}  // namespace

void form_groups(Selection& selection, llvm::ScalarEvolution& evolution, SiteTableWriter& table) {
  for (Run& run : selection.runs) {
    Families families;
    for (Access& access : run) {
      Member member{&access};
      const llvm::SCEV* base = strip(evolution.getSCEV(access.address), evolution, member.offset);
      families[{base, nullptr, nullptr, nullptr, nullptr, nullptr}].push_back(member);
    }
    form(families, table, selection.counts);
    llvm::erase_if(run, [](const Access& access) { return access.is_in_group; });
  }
  Families families;
  for (Hoisted& hoisted : selection.hoisted) {
    Member member{&hoisted.access};
    const llvm::SCEV* base = strip(hoisted.address, evolution, member.offset);
    families[{base, hoisted.place, hoisted.count, hoisted.stride, hoisted.rows, hoisted.row_stride}].push_back(member);
  }
  form(families, table, selection.counts);
  llvm::erase_if(selection.hoisted, [](const Hoisted& hoisted) { return hoisted.access.is_in_group; });
}

}  // namespace gordian::pass
