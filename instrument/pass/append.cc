// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/append.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/IR/MDBuilder.h>
#include <llvm/Transforms/Utils/BasicBlockUtils.h>

#include <array>

#include "instrument/pass/llvm_compat.h"
#include "runtime/trace/access_word.h"

namespace gordian::pass {
namespace {

std::size_t words_of(const Access& access) {
  using trace::ControlType;
  return access.rows != nullptr               ? trace::words_of(ControlType::matrix)
         : access.count != nullptr            ? trace::words_of(ControlType::strided)
         : access.site > trace::kMaxPlainSite ? trace::words_of(ControlType::wide)
                                              : 1;
}

// The first place of the block where every address of accesses [first, last) is known and that is not before the first.
// Where that one has risen from a lower block (raised_runs.h), it is there: all the others' addresses are known, too.
llvm::Instruction* place_of(llvm::ArrayRef<Access> accesses) {
  llvm::Instruction* place = accesses.front().instruction;
  for (const Access& access : accesses) {
    // A range's counts and strides are known where it stands: they were computed for that place.
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

// Writes words one behind the other, into room that is there.
class Words {
 public:
  Words(llvm::IRBuilder<>& builder, llvm::Value* cursor) : builder_(builder), base_(cursor) {}

  void put(const Access& access);
  llvm::Value* end() { return builder_.CreateConstGEP1_64(builder_.getInt64Ty(), base_, offset_); }

 private:
  void put(llvm::Value* word) {
    builder_.CreateAlignedStore(word, builder_.CreateConstGEP1_64(builder_.getInt64Ty(), base_, offset_++),
                                llvm::Align(8));
  }
  llvm::Value* plain(llvm::Value* address, std::uint32_t site) {
    return builder_.CreateAdd(address, builder_.getInt64(trace::access_word(site, 0)));
  }
  void put_range(const Access& access, llvm::Value* address);
  void put_matrix(const Access& access, llvm::Value* address);

  llvm::IRBuilder<>& builder_;
  llvm::Value* base_;
  std::size_t offset_ = 0;
};

void Words::put(const Access& access) {
  llvm::Value* address = address_bits(builder_, access.address);
  if (access.rows != nullptr) {
    put_matrix(access, address);
  } else if (access.count != nullptr) {
    put_range(access, address);
  } else if (words_of(access) == 2) {
    put(builder_.getInt64(trace::control_word(trace::ControlType::wide, access.site)));
    put(address);
  } else {
    put(plain(address, access.site));
  }
}

// A range of one to three accesses is told by a word for each: loops that end early do so often. What is left of the
// four words is 0, which says nothing, until something else takes its place.
void Words::put_range(const Access& access, llvm::Value* address) {
  std::array<llvm::Value*, trace::words_of(trace::ControlType::strided)> words = {
      builder_.getInt64(trace::control_word(trace::ControlType::strided, access.site)), address, access.count,
      access.stride};
  const bool may_be_short = access.site <= trace::kMaxPlainSite && !llvm::isa<llvm::ConstantInt>(access.count);
  if (!may_be_short) {
    llvm::for_each(words, [this](llvm::Value* word) { put(word); });
    return;
  }
  llvm::Value* const none = builder_.getInt64(0);
  llvm::Value* const is_short = builder_.CreateICmpULT(access.count, builder_.getInt64(words.size()));
  llvm::Value* next = address;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    llvm::Value* word = plain(next, access.site);
    if (i > 0) {
      word = builder_.CreateSelect(builder_.CreateICmpUGT(access.count, builder_.getInt64(i)), word, none);
    }
    words[i] = builder_.CreateSelect(is_short, word, words[i]);
    next = builder_.CreateAnd(builder_.CreateAdd(next, access.stride), trace::kAddressMask);
  }
  words.back() = builder_.CreateSelect(is_short, none, words.back());
  llvm::for_each(words, [this](llvm::Value* word) { put(word); });
  offset_ -= words.size();
  llvm::Value* const used = builder_.CreateSelect(is_short, access.count, builder_.getInt64(words.size()));
  base_ = builder_.CreateGEP(builder_.getInt64Ty(), end(), used);
  offset_ = 0;
}

// All six words, however few accesses: two loops seldom make fewer.
void Words::put_matrix(const Access& access, llvm::Value* address) {
  const std::uint64_t control = trace::control_word(trace::ControlType::matrix, access.site);
  for (llvm::Value* word : {static_cast<llvm::Value*>(builder_.getInt64(control)), address, access.count, access.stride,
                            access.rows, access.row_stride}) {
    put(word);
  }
}

void append_at(llvm::Instruction* place, llvm::ArrayRef<Access> accesses, const ThreadBlock& thread,
               const HookTable& hooks) {
  std::size_t words = 0;
  for (const Access& access : accesses) {
    words += words_of(access);
  }
  llvm::IRBuilder<> builder(place);
  Words written(builder, make_room(builder, words, thread, hooks));
  llvm::for_each(accesses, [&](const Access& access) { written.put(access); });
  ThreadBlock::store(builder, written.end(), thread.cursor);
}

struct Piece {
  llvm::Instruction* place;
  llvm::ArrayRef<Access> accesses;
};

// As few as have room.
void add_pieces(const Run& run, llvm::SmallVectorImpl<Piece>& pieces) {
  llvm::ArrayRef<Access> rest = run;
  while (!rest.empty()) {
    std::size_t count = 0;
    for (std::size_t words = 0; count < rest.size() && words + words_of(rest[count]) <= kMostWords; ++count) {
      words += words_of(rest[count]);
    }
    pieces.push_back({place_of(rest.take_front(count)), rest.take_front(count)});
    rest = rest.drop_front(count);
  }
}

}  // namespace

void append_runs(llvm::ArrayRef<Run> runs, const ThreadBlock& thread, const HookTable& hooks) {
  llvm::SmallVector<Piece, 16> pieces;
  llvm::for_each(runs, [&](const Run& run) { add_pieces(run, pieces); });
  for (const Piece& piece : llvm::reverse(pieces)) {
    append_at(piece.place, piece.accesses, thread, hooks);
  }
}

void append_range(const Access& range, const HookTable& hooks) {
  llvm::IRBuilder<> builder(range.instruction);
  llvm::Value* bytes = builder.CreateZExtOrTrunc(range.length, builder.getInt64Ty());
  builder.CreateCall(hooks.get(Hook::gordian_rt_range), {range.address, bytes, builder.getInt32(range.site)});
}

}  // namespace gordian::pass
