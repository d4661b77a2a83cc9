// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/append.h"

#include <llvm/IR/MDBuilder.h>
#include <llvm/Transforms/Utils/BasicBlockUtils.h>

#include "instrument/pass/llvm_compat.h"
#include "runtime/trace/access_word.h"

namespace gordian::pass {
namespace {

std::size_t words_of(const Access& access) {
  return access.count != nullptr ? 4 : access.site > trace::kMaxPlainSite ? 2 : 1;
}

// The first place of the block where every address of accesses [first, last) is known and that is not before the first.
llvm::Instruction* place_of(llvm::ArrayRef<Access> accesses) {
  llvm::Instruction* place = accesses.front().instruction;
  for (const Access& access : accesses) {
    // A range's count and stride are known where it stands: they were computed for that place.
    auto* address = llvm::dyn_cast<llvm::Instruction>(access.address);
    if (address != nullptr && address->getParent() == place->getParent() && !address->comesBefore(place)) {
      place = address->getNextNode();
    }
  }
  return place;
}

// The address as the low bits of a word. A wild pointer must not look like a control word; a variable's address cannot.
llvm::Value* address_bits(llvm::IRBuilder<>& builder, llvm::Value* address) {
  llvm::Value* number = builder.CreatePtrToInt(address, builder.getInt64Ty());
  const bool valid = llvm::isa<llvm::Constant>(address) || llvm::isa<llvm::AllocaInst>(address);
  return valid ? number : builder.CreateAnd(number, trace::kAddressMask);
}

// cursor, or what the slow path gives if the words do not fit below the limit.
llvm::Value* make_room(llvm::IRBuilder<>& builder, std::size_t words, const ThreadBlock& thread,
                       const HookTable& hooks) {
  llvm::Value* cursor = thread.load(builder, thread.cursor, "cursor");
  llvm::Value* end = builder.CreateConstGEP1_64(builder.getInt64Ty(), cursor, words);
  llvm::Value* full = builder.CreateICmpUGT(end, thread.load(builder, thread.limit, "limit"));
  llvm::BasicBlock* before = builder.GetInsertBlock();
  llvm::Instruction* place = &*builder.GetInsertPoint();
  llvm::Instruction* slow =
      llvm::SplitBlockAndInsertIfThen(full, place->getIterator(), /*Unreachable=*/false,
                                      llvm::MDBuilder(builder.getContext()).createUnlikelyBranchWeights());
  llvm::IRBuilder<> slow_builder(slow);
  llvm::CallInst* room =
      slow_builder.CreateCall(hooks.get(Hook::gordian_rt_access_slow), {slow_builder.getInt64(words)}, "room");
  room->setCallingConv(llvm::CallingConv::PreserveMost);
  room->setDebugLoc(place->getDebugLoc());
  builder.SetInsertPoint(place);
  llvm::PHINode* chosen = builder.CreatePHI(builder.getPtrTy(), 2, "words");
  chosen->addIncoming(cursor, before);
  chosen->addIncoming(room, slow->getParent());
  return chosen;
}

void append_at(llvm::Instruction* place, llvm::ArrayRef<Access> accesses, const ThreadBlock& thread,
               const HookTable& hooks) {
  std::size_t words = 0;
  for (const Access& access : accesses) {
    words += words_of(access);
  }
  llvm::IRBuilder<> builder(place);
  llvm::Value* cursor = make_room(builder, words, thread, hooks);
  std::size_t offset = 0;
  const auto put = [&](llvm::Value* word) {
    builder.CreateAlignedStore(word, builder.CreateConstGEP1_64(builder.getInt64Ty(), cursor, offset++),
                               llvm::Align(8));
  };
  for (const Access& access : accesses) {
    llvm::Value* address = address_bits(builder, access.address);
    if (access.count != nullptr) {
      put(builder.getInt64(trace::control_word(trace::ControlType::strided, access.site)));
      put(address);
      put(access.count);
      put(access.stride);
    } else if (words_of(access) == 2) {
      put(builder.getInt64(trace::control_word(trace::ControlType::wide, access.site)));
      put(address);
    } else {
      put(builder.CreateAdd(address, builder.getInt64(trace::access_word(access.site, 0))));
    }
  }
  ThreadBlock::store(builder, builder.CreateConstGEP1_64(builder.getInt64Ty(), cursor, words), thread.cursor);
}

}  // namespace

void append_run(const Run& run, const ThreadBlock& thread, const HookTable& hooks) {
  struct Part {
    llvm::Instruction* place;
    llvm::ArrayRef<Access> accesses;
  };
  llvm::SmallVector<Part, 2> parts;
  llvm::ArrayRef<Access> rest = run;
  while (!rest.empty()) {
    std::size_t count = 0;
    for (std::size_t words = 0; count < rest.size() && words + words_of(rest[count]) <= kMostWords; ++count) {
      words += words_of(rest[count]);
    }
    // Every place is found before the first part splits the block.
    parts.push_back({place_of(rest.take_front(count)), rest.take_front(count)});
    rest = rest.drop_front(count);
  }
  for (const Part& part : llvm::reverse(parts)) {
    append_at(part.place, part.accesses, thread, hooks);
  }
}

void append_range(const Access& range, const HookTable& hooks) {
  llvm::IRBuilder<> builder(range.instruction);
  llvm::Value* bytes = builder.CreateZExtOrTrunc(range.length, builder.getInt64Ty());
  builder.CreateCall(hooks.get(Hook::gordian_rt_range), {range.address, bytes, builder.getInt32(range.site)});
}

}  // namespace gordian::pass
