// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/selection.h"

#include <llvm/Analysis/ValueTracking.h>
#include <llvm/IR/DataLayout.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/Metadata.h>
#include <llvm/IR/Module.h>

#include "instrument/pass/calls.h"
#include "instrument/pass/library_calls.h"
#include "instrument/pass/node_calls.h"
#include "instrument/pass/prepare.h"
#include "instrument/pass/private_objects.h"

namespace gordian::pass {
namespace {

using trace::AccessKind;

constexpr std::uint64_t kLargestPlainAccess = 64;

// Counters of coverage and profiling: their races are the tool's own, by design.
bool is_compilers_own(const llvm::GlobalVariable& global) {
  const llvm::StringRef name = global.getName();
  return name.starts_with("gordian.") || name.starts_with("__llvm_") || name.starts_with("__prof") ||
         name.starts_with("__sancov_");
}

bool is_virtual_table_load(const llvm::Value* value) {
  const auto* load = llvm::dyn_cast<llvm::LoadInst>(value);
  const llvm::MDNode* tag = load == nullptr ? nullptr : load->getMetadata(llvm::LLVMContext::MD_tbaa);
  return tag != nullptr && tag->isTBAAVtableAccess();
}

class Selector {
 public:
  Selector(llvm::Function& function, const llvm::TargetLibraryInfo& library, const QuietFunctions& quiet,
           const PrivateArguments& arguments)
      : layout_(function.getParent()->getDataLayout()),
        library_(library),
        quiet_(quiet),
        private_(library, arguments, selection_.counts) {}

  void visit(llvm::Instruction& instruction);
  void end_run();
  void barrier(const llvm::Instruction& instruction);
  Selection take() { return std::move(selection_); }

 private:
  void add(llvm::Instruction& instruction, llvm::Value* address, std::uint64_t size, AccessKind kind);
  void add_range(llvm::CallBase& call, llvm::Value* address, llvm::Value* length, AccessKind kind);
  void add_atomic(llvm::Instruction& instruction, llvm::Value* address, llvm::Type* type, AccessKind kind);
  void visit_call(llvm::CallBase& call);
  void visit_library_call(llvm::CallBase& call);
  bool visit_memory_call(llvm::CallBase& call);
  bool can_race(const llvm::Value* address, AccessKind kind);
  std::uint64_t size_of(llvm::Type* type) const;

  const llvm::DataLayout& layout_;
  const llvm::TargetLibraryInfo& library_;
  const QuietFunctions& quiet_;
  Selection selection_;
  Run run_;
  PrivateObjects private_;
};

std::uint64_t Selector::size_of(llvm::Type* type) const {
  const llvm::TypeSize size = layout_.getTypeStoreSize(type);
  return size.isScalable() ? 0 : size.getFixedValue();
}

bool Selector::can_race(const llvm::Value* address, AccessKind kind) {
  if (address->getType()->getPointerAddressSpace() != 0) {
    return false;
  }
  const llvm::Value* object = llvm::getUnderlyingObject(address);
  if (private_.contain(*address) || is_private_thread_local(object)) {
    return false;
  }
  if (const auto* global = llvm::dyn_cast<llvm::GlobalVariable>(object)) {
    return !is_compilers_own(*global) && !(global->isConstant() && kind == AccessKind::read);
  }
  return !is_virtual_table_load(object);
}

void Selector::add(llvm::Instruction& instruction, llvm::Value* address, std::uint64_t size, AccessKind kind) {
  if (size != 0 && can_race(address, kind)) {
    run_.push_back({&instruction, address, size, nullptr, kind});
  }
}

void Selector::add_range(llvm::CallBase& call, llvm::Value* address, llvm::Value* length, AccessKind kind) {
  const auto* constant = llvm::dyn_cast<llvm::ConstantInt>(length);
  if (constant != nullptr && constant->getValue().ule(kLargestPlainAccess)) {
    add(call, address, constant->getZExtValue(), kind);
  } else if (can_race(address, kind)) {
    selection_.counts.add(Count::memory_range, call);
    selection_.ranges.push_back({&call, address, 0, length, kind});
  }
}

void Selector::add_atomic(llvm::Instruction& instruction, llvm::Value* address, llvm::Type* type, AccessKind kind) {
  if (can_race(address, kind)) {
    barrier(instruction);
    selection_.atomics.push_back({&instruction, address, size_of(type), nullptr, kind});
  }
}

bool Selector::visit_memory_call(llvm::CallBase& call) {
  llvm::LibFunc which;
  const bool by_name = is_memory_function(call, library_, which);
  const bool set = by_name ? which == llvm::LibFunc_memset : llvm::isa<llvm::AnyMemSetInst>(call);
  if (!by_name && !llvm::isa<llvm::AnyMemIntrinsic>(call)) {
    return false;
  }
  llvm::Value* length = call.getArgOperand(2);
  if (!set) {
    add_range(call, call.getArgOperand(1), length, AccessKind::read);
  }
  add_range(call, call.getArgOperand(0), length, AccessKind::write);
  return true;
}

void Selector::visit_library_call(llvm::CallBase& call) {
  for (const LibraryEffect& effect : library_effects(call)) {
    llvm::Value* address = value_of(effect.address, call);
    if (effect.format != LibraryEffect::Format::none || can_race(address, effect.kind)) {
      selection_.library.push_back({&call, address, 0, nullptr, effect.kind, 0, effect});
    }
  }
}

void Selector::visit_call(llvm::CallBase& call) {
  if (visit_memory_call(call)) {
    return;
  }
  visit_library_call(call);
  if (const std::optional<NodeCall> nodes = node_call(call)) {
    selection_.nodes.push_back(*nodes);
  }
  if (!may_record(call, library_)) {
    return;
  }
  if (quiet_.is_called_by(call)) {
    selection_.counts.add(Count::quiet_call, call);
    end_run();
  } else {
    barrier(call);
  }
  if (!call.isInlineAsm()) {
    selection_.calls.push_back(&call);
  }
}

void Selector::visit(llvm::Instruction& instruction) {
  if (auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction)) {
    visit_call(*call);
  } else if (instruction.hasMetadata(llvm::LLVMContext::MD_nosanitize)) {
    return;
  } else if (auto* load = llvm::dyn_cast<llvm::LoadInst>(&instruction)) {
    if (load->isAtomic() && load->getSyncScopeID() != llvm::SyncScope::SingleThread) {
      add_atomic(*load, load->getPointerOperand(), load->getType(), AccessKind::atomic_read);
    } else if (!load->hasMetadata(llvm::LLVMContext::MD_invariant_load)) {
      add(*load, load->getPointerOperand(), size_of(load->getType()), AccessKind::read);
    }
  } else if (auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction)) {
    llvm::Type* type = store->getValueOperand()->getType();
    if (store->isAtomic() && store->getSyncScopeID() != llvm::SyncScope::SingleThread) {
      add_atomic(*store, store->getPointerOperand(), type, AccessKind::atomic_write);
    } else {
      add(*store, store->getPointerOperand(), size_of(type), AccessKind::write);
    }
  } else if (auto* update = llvm::dyn_cast<llvm::AtomicRMWInst>(&instruction)) {
    add_atomic(*update, update->getPointerOperand(), update->getType(), AccessKind::atomic_write);
  } else if (auto* exchange = llvm::dyn_cast<llvm::AtomicCmpXchgInst>(&instruction)) {
    llvm::Type* type = exchange->getNewValOperand()->getType();
    add_atomic(*exchange, exchange->getPointerOperand(), type, AccessKind::atomic_write);
  } else if (auto* fence = llvm::dyn_cast<llvm::FenceInst>(&instruction)) {
    if (fence->getSyncScopeID() != llvm::SyncScope::SingleThread) {
      barrier(*fence);
      selection_.fences.push_back(fence);
    }
  }
}

void Selector::end_run() {
  if (!run_.empty()) {
    selection_.runs.push_back(std::move(run_));
    run_.clear();
  }
}

void Selector::barrier(const llvm::Instruction& instruction) {
  end_run();
  selection_.barriers.push_back(&instruction);
}

}  // namespace

Selection select_accesses(llvm::Function& function, const llvm::TargetLibraryInfo& library, const QuietFunctions& quiet,
                          const PrivateArguments& arguments) {
  Selector selector(function, library, quiet, arguments);
  for (llvm::BasicBlock& block : function) {
    for (llvm::Instruction& instruction : block) {
      selector.visit(instruction);
    }
    selector.end_run();
  }
  return selector.take();
}

}  // namespace gordian::pass
