// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/instrument.h"

#include <llvm/ADT/SmallPtrSet.h>
#include <llvm/Analysis/AssumptionCache.h>
#include <llvm/Analysis/LoopInfo.h>
#include <llvm/Analysis/PostDominators.h>
#include <llvm/Analysis/ScalarEvolution.h>
#include <llvm/Analysis/TargetLibraryInfo.h>
#include <llvm/IR/Dominators.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>
#include <llvm/TargetParser/Triple.h>
#include <llvm/Transforms/Utils/LoopSimplify.h>

#include "instrument/pass/append.h"
#include "instrument/pass/atomics.h"
#include "instrument/pass/calls.h"
#include "instrument/pass/covered.h"
#include "instrument/pass/foreign_calls.h"
#include "instrument/pass/frames.h"
#include "instrument/pass/global_table.h"
#include "instrument/pass/groups.h"
#include "instrument/pass/hook_table.h"
#include "instrument/pass/library_calls.h"
#include "instrument/pass/llvm_compat.h"
#include "instrument/pass/loop_ranges.h"
#include "instrument/pass/names.h"
#include "instrument/pass/node_calls.h"
#include "instrument/pass/options.h"
#include "instrument/pass/private_arguments.h"
#include "instrument/pass/quiet_functions.h"
#include "instrument/pass/raised_runs.h"
#include "instrument/pass/reducible.h"
#include "instrument/pass/selection.h"
#include "instrument/pass/site_table_writer.h"
#include "instrument/pass/static_guards.h"
#include "instrument/pass/unit.h"

namespace gordian::pass {
namespace {

constexpr llvm::StringLiteral kDone = "gordian.instrumented";

// clang gives sanitize_thread to every function under -fsanitize=thread, except where no_sanitize("thread") says no.
bool is_wanted(const llvm::Function& function) {
  return !function.isDeclaration() && !function.hasAvailableExternallyLinkage() &&
         function.hasFnAttribute(llvm::Attribute::SanitizeThread) &&
         !function.hasFnAttribute(llvm::Attribute::DisableSanitizerInstrumentation) &&
         !function.hasFnAttribute(llvm::Attribute::Naked) && !function.isPresplitCoroutine();
}

class ModuleRewriter {
 public:
  ModuleRewriter(llvm::Module& module, const QuietFunctions& quiet, const PrivateArguments& arguments)
      : module_(module), quiet_(quiet), arguments_(arguments), hooks_(module), names_(module), unit_(module) {}

  void rewrite(llvm::Function& function, llvm::FunctionAnalysisManager& analyses);
  void finish();

 private:
  struct Plan {
    Selection selection;
    llvm::SmallVector<Access, 2> guards;
    llvm::SmallVector<std::uint32_t, 16> call_numbers;  // parallel to selection.calls
    llvm::SmallVector<llvm::CallBase*, 16> foreign;
  };

  Plan plan(llvm::Function& function, const llvm::TargetLibraryInfo& library);
  void number(Access& access);
  void leave_out_covered(Selection& selection);
  Selection double_kept(const Selection& selection);
  void gather(llvm::Function& function, bool has_ranges, Selection& selection, llvm::FunctionAnalysisManager& analyses);
  void apply(llvm::Function& function, std::uint32_t index, const Plan& plan);

  llvm::Module& module_;
  const QuietFunctions& quiet_;
  const PrivateArguments& arguments_;
  HookTable hooks_;
  Names names_;
  SiteTableWriter table_;
  Unit unit_;
  Counts counts_;
};

void ModuleRewriter::number(Access& access) {
  const bool is_known = !access.effect || access.effect->format == LibraryEffect::Format::none;
  const ObjectName name = is_known ? names_.of_access(*access.instruction, *access.address, access.size) : ObjectName();
  trace::SiteAccess site;
  site.size = static_cast<std::uint32_t>(access.size);
  site.kind = access.kind;
  site.name_kind = name.kind;
  access.site = table_.add_access(access.instruction->getDebugLoc().get(), site, name.text);
}

// They keep their sites, which name who stands for them.
void ModuleRewriter::leave_out_covered(Selection& selection) {
  for (Run& run : selection.runs) {
    for (Access& access : run) {
      access.is_covered = access.is_covered && table_.set_covered(access.site, access.covered_by->site);
    }
  }
  if (!keeps_marked()) {
    for (Run& run : selection.runs) {
      llvm::erase_if(run, [](const Access& access) { return access.is_covered; });
    }
    llvm::erase_if(selection.runs, [](const Run& run) { return run.empty(); });
  }
}

// What would be recorded if not everything was, under numbers of its own.
Selection ModuleRewriter::double_kept(const Selection& selection) {
  Selection doubles;
  doubles.barriers = selection.barriers;
  for (const Run& run : selection.runs) {
    Run kept;
    for (Access access : run) {
      if (!access.is_covered) {
        access.site = table_.add_double(access.site);
        kept.push_back(access);
      }
    }
    if (!kept.empty()) {
      doubles.runs.push_back(std::move(kept));
    }
  }
  return doubles;
}

ModuleRewriter::Plan ModuleRewriter::plan(llvm::Function& function, const llvm::TargetLibraryInfo& library) {
  Plan plan{select_accesses(function, library, quiet_, arguments_), {}, {}, {}};
  for (llvm::CallBase* call : plan.selection.calls) {
    if (is_static_guard_call(*call)) {
      plan.guards.push_back(static_guard_access(*call));
    } else if (may_be_foreign(*call, library)) {
      plan.foreign.push_back(call);
    }
  }
  return plan;
}

// Loops need a block in front of them.
void simplify_loops(llvm::Function& function, llvm::FunctionAnalysisManager& analyses) {
  auto& loops = analyses.getResult<llvm::LoopAnalysis>(function);
  auto& dominators = analyses.getResult<llvm::DominatorTreeAnalysis>(function);
  auto& evolution = analyses.getResult<llvm::ScalarEvolutionAnalysis>(function);
  auto& assumptions = analyses.getResult<llvm::AssumptionAnalysis>(function);
  for (llvm::Loop* loop : llvm::SmallVector<llvm::Loop*>(loops.begin(), loops.end())) {
    llvm::simplifyLoop(loop, &dominators, &loops, &evolution, &assumptions, nullptr, /*PreserveLCSSA=*/false);
  }
}

// Of the accesses that are left: those of loops in front of them, those of one base together.
void ModuleRewriter::gather(llvm::Function& function, bool has_ranges, Selection& selection,
                            llvm::FunctionAnalysisManager& analyses) {
  const bool has_groups = looks_for_groups();
  if (!has_ranges && !has_groups) {
    return;
  }
  auto& evolution = analyses.getResult<llvm::ScalarEvolutionAnalysis>(function);
  auto& dominators = analyses.getResult<llvm::DominatorTreeAnalysis>(function);
  auto& loops = analyses.getResult<llvm::LoopAnalysis>(function);
  const bool knows_loops = is_reducible(function, loops);
  if (has_ranges && knows_loops) {
    find_loop_ranges(selection, loops, evolution, dominators);
  }
  if (has_groups && raises_runs() && knows_loops) {
    // Not the analysis's: simplify_loops does not keep that up to date.
    raise_runs(selection, loops, dominators, llvm::PostDominatorTree(function));
  }
  if (has_groups) {
    form_groups(selection, evolution, table_);
  }
  expand_loop_ranges(selection, evolution, dominators);
}

void ModuleRewriter::rewrite(llvm::Function& function, llvm::FunctionAnalysisManager& analyses) {
  const bool has_ranges = looks_for_loop_ranges() && !function.hasOptNone();
  if (has_ranges) {
    simplify_loops(function, analyses);
  }
  Plan plan = this->plan(function, analyses.getResult<llvm::TargetLibraryAnalysis>(function));
  Selection& selection = plan.selection;
  if (selection.empty() && selection.calls.empty()) {
    counts_.add(selection.counts);
    return;
  }
  if (looks_for_covered()) {
    find_covered(function, selection);
  }
  const std::uint32_t index = table_.begin_function(function);
  for (Run& run : selection.runs) {
    llvm::for_each(run, [&](Access& access) { number(access); });
  }
  llvm::for_each(selection.ranges, [&](Access& access) { number(access); });
  llvm::for_each(selection.library, [&](Access& access) { number(access); });
  for (NodeCall& call : selection.nodes) {
    number(call.reads);
    number(call.writes);
  }
  llvm::for_each(selection.atomics, [&](Access& access) { number(access); });
  llvm::for_each(plan.guards, [&](Access& access) { number(access); });
  for (llvm::CallBase* call : selection.calls) {
    const std::string object = names_.of_call_object(*call);
    plan.call_numbers.push_back(table_.add_call(call->getDebugLoc().get(), Names::of_callee(*call), object));
  }
  leave_out_covered(selection);
  if (keeps_marked()) {
    Selection doubles = double_kept(selection);
    gather(function, has_ranges, doubles, analyses);
    selection.runs.append(doubles.runs);
    selection.counts.add(doubles.counts);
  } else {
    gather(function, has_ranges, selection, analyses);
  }
  counts_.add(selection.counts);
  apply(function, index, plan);
}

// Stack slots must stay in the entry block, which is about to be split.
void gather_stack_slots(llvm::BasicBlock& entry) {
  llvm::Instruction* place = &*entry.getFirstNonPHIOrDbgOrAlloca();
  for (llvm::Instruction& instruction :
       llvm::make_early_inc_range(llvm::make_range(place->getIterator(), entry.end()))) {
    auto* slot = llvm::dyn_cast<llvm::AllocaInst>(&instruction);
    if (slot != nullptr && slot->isStaticAlloca()) {
      slot->moveBefore(entry, place->getIterator());
    }
  }
}

void ModuleRewriter::apply(llvm::Function& function, std::uint32_t index, const Plan& plan) {
  llvm::BasicBlock& entry = function.getEntryBlock();
  gather_stack_slots(entry);
  llvm::IRBuilder<> builder(&entry, entry.getFirstNonPHIOrDbgOrAlloca());
  const ThreadBlock thread = ThreadBlock::at(builder);
  const Frame frame = Frame::push(builder, thread, unit_.function_id(index));
  for (const auto& [call, number] : llvm::zip_equal(plan.selection.calls, plan.call_numbers)) {
    if (!call->isMustTailCall()) {
      frame.note_call(*call, number);
    }
  }
  watch_callbacks(function, thread, *builder.GetInsertPoint(), hooks_);
  frame.restore_everywhere(function);
  llvm::for_each(plan.selection.fences, [&](llvm::FenceInst* fence) { announce_fence(*fence, hooks_); });
  llvm::for_each(plan.selection.ranges, [&](const Access& range) { append_range(range, hooks_); });
  llvm::for_each(plan.selection.atomics, [&](const Access& atomic) { wrap_atomic(atomic, hooks_); });
  llvm::for_each(plan.guards, [&](const Access& guard) { record_static_guard(guard, hooks_); });
  llvm::for_each(plan.selection.library, [&](const Access& access) { record_library_access(access, hooks_); });
  llvm::for_each(plan.selection.nodes, [&](const NodeCall& call) { announce_node_call(call, hooks_); });
  // Last, because they split blocks.
  append_runs(plan.selection.runs, thread, hooks_);
  surround_foreign_calls(function, plan.foreign, hooks_);
}

void ModuleRewriter::finish() {
  const llvm::SmallVector<llvm::GlobalVariable*, 32> globals = describe_globals(module_, table_);
  unit_.emit(table_, globals, hooks_);
  if (prints_counts()) {
    counts_.print();
  }
}

// What was asked for has been done, and clang's ThreadSanitizer shall not do it again: it instruments atomics, entries
// and exits of every function that is not closed to all sanitizers.
void close_functions(llvm::Module& module) {
  for (llvm::Function& function : module) {
    function.removeFnAttr(llvm::Attribute::SanitizeThread);
    function.addFnAttr(llvm::Attribute::DisableSanitizerInstrumentation);
  }
}

}  // namespace

llvm::PreservedAnalyses Instrument::run(llvm::Module& module, llvm::ModuleAnalysisManager& analyses) {
  if (module.getModuleFlag(kDone) != nullptr) {
    return llvm::PreservedAnalyses::all();
  }
  if (const llvm::Triple target(module.getTargetTriple()); !target.isArch64Bit() || !target.isX86()) {
    module.getContext().emitError("gordian: only x86-64 can be instrumented, not " + target.str());
    return llvm::PreservedAnalyses::all();
  }
  module.addModuleFlag(llvm::Module::Max, kDone, 1);
  auto& functions = analyses.getResult<llvm::FunctionAnalysisManagerModuleProxy>(module).getManager();
  const auto library = [&](llvm::Function& function) -> const llvm::TargetLibraryInfo& {
    return functions.getResult<llvm::TargetLibraryAnalysis>(function);
  };
  const QuietFunctions quiet(module, functions);  // before hooks are in them
  const PrivateArguments arguments(module, functions);
  ModuleRewriter rewriter(module, quiet, arguments);
  // They run while the program is still being relocated.
  llvm::SmallPtrSet<const llvm::Function*, 4> resolvers;
  for (const llvm::GlobalIFunc& ifunc : module.ifuncs()) {
    resolvers.insert(ifunc.getResolverFunction());
  }
  llvm::SmallVector<llvm::Function*, 32> wanted;
  for (llvm::Function& function : module) {
    if (is_wanted(function) && !resolvers.contains(&function)) {
      wanted.push_back(&function);
    }
  }
  for (llvm::Function* function : wanted) {
    rewriter.rewrite(*function, functions);
  }
  rewriter.finish();
  mark_functions(module);
  drop_purity(module, library);
  close_functions(module);
  return llvm::PreservedAnalyses::none();
}

llvm::PreservedAnalyses ReplaceThreadSanitizer::run(llvm::Module& module, llvm::ModuleAnalysisManager&) {
  constexpr llvm::StringLiteral kConstructor = "tsan.module_ctor";
  if (module.getFunction(kConstructor) != nullptr) {
    return llvm::PreservedAnalyses::all();
  }
  llvm::LLVMContext& context = module.getContext();
  auto* type = llvm::FunctionType::get(llvm::Type::getVoidTy(context), false);
  auto* constructor = llvm::Function::Create(type, llvm::GlobalValue::AvailableExternallyLinkage, kConstructor, module);
  llvm::IRBuilder<>(llvm::BasicBlock::Create(context, "", constructor)).CreateRetVoid();
  return llvm::PreservedAnalyses::none();
}

}  // namespace gordian::pass
