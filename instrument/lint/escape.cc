// SPDX-License-Identifier: Apache-2.0
#include "instrument/lint/escape.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/SmallPtrSet.h>

#include "instrument/lint/unit.h"
#include "instrument/lint/walk.h"

namespace gordian::lint {
namespace {

using namespace clang;
using llvm::dyn_cast;
using llvm::isa;

using Decls = llvm::SmallPtrSet<const ValueDecl*, 16>;

Decls mentioned_in(const Stmt& code) {
  Decls mentioned;
  walk(&code, [&](const Stmt& node) {
    if (const auto* reference = dyn_cast<DeclRefExpr>(&node)) {
      mentioned.insert(reference->getDecl());
    } else if (const auto* member = dyn_cast<MemberExpr>(&node)) {
      mentioned.insert(member->getMemberDecl());
    }
  });
  return mentioned;
}

bool is_loop(const Stmt* statement) {
  return statement != nullptr && isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt>(statement);
}

class Search {
 public:
  Search(Body& body, const CFG& flow, const Expr& start, const Reaches& reaches, SourceLocation at_exit)
      : body_(body), flow_(flow), start_(start), reaches_(reaches), at_exit_(at_exit) {}

  std::optional<SourceLocation> run();

 private:
  enum class Kind { leaks, waits, around };  // around: back to where the search is already
  struct Answer {
    Kind kind;
    SourceLocation where;  // of a leak
  };
  using Block = const CFGBlock*;

  bool find_start();
  void find_ungoverned(Block block);
  void find_conditions();

  Answer from(const CFGBlock& block, std::size_t element);
  Answer into(const CFGBlock& block);
  Answer leave(const CFGBlock& block);
  Answer at_exit(const CFGBlock& block) const;
  [[nodiscard]] bool one_way_is_enough(const CFGBlock& block) const;
  [[nodiscard]] bool is_independent(const Expr* condition) const;
  static Answer combine(llvm::ArrayRef<Answer> ways, bool one_is_enough, bool is_a_loop);

  static constexpr int kMostSteps = 20000;

  Body& body_;
  const CFG& flow_;
  const Expr& start_;
  const Reaches& reaches_;
  const SourceLocation at_exit_;
  Block start_block_ = nullptr;
  std::size_t start_element_ = 0;
  llvm::SmallPtrSet<Block, 32> ungoverned_;  // reached from the entry also without the start
  Decls conditions_;                         // what is mentioned in the branches and loops around the start
  llvm::DenseMap<Block, Answer> answers_;    // around: being looked at
  int steps_ = 0;
};

std::optional<SourceLocation> Search::run() {
  if (!find_start()) {
    return std::nullopt;
  }
  find_ungoverned(&flow_.getEntry());
  find_conditions();
  answers_[start_block_] = {Kind::around, {}};
  const Answer answer = from(*start_block_, start_element_ + 1);
  return answer.kind == Kind::leaks ? std::optional(answer.where) : std::nullopt;
}

bool Search::find_start() {
  for (const CFGBlock* block : flow_) {
    std::size_t index = 0;
    for (const CFGElement& element : *block) {
      const auto statement = element.getAs<CFGStmt>();
      if (statement && statement->getStmt() == &start_) {
        start_block_ = block;
        start_element_ = index;
        return true;
      }
      ++index;
    }
  }
  return false;
}

void Search::find_ungoverned(Block block) {
  if (block == start_block_ || !ungoverned_.insert(block).second) {
    return;
  }
  for (const CFGBlock* next : block->succs()) {
    if (next != nullptr) {
      find_ungoverned(next);
    }
  }
}

void Search::find_conditions() {
  walk(&body_.code(), [this](const Stmt& node) {
    const bool branches = is_loop(&node) || isa<IfStmt, SwitchStmt, AbstractConditionalOperator, CXXTryStmt>(node);
    if (branches && contains(&node, &start_)) {
      for (const ValueDecl* declaration : mentioned_in(node)) {
        conditions_.insert(declaration);
      }
    }
  });
}

Search::Answer Search::from(const CFGBlock& block, std::size_t element) {
  const std::size_t size = block.size();
  for (; element < size; ++element) {
    const CFGElement& step = block[element];
    if (const auto where = reaches_(step)) {
      return {Kind::leaks, *where};
    }
    if (body_.unit().waits().may_wait(step)) {
      return {Kind::waits, {}};
    }
  }
  return block.hasNoReturnElement() ? Answer{Kind::waits, {}} : leave(block);
}

Search::Answer Search::into(const CFGBlock& block) {
  if (++steps_ > kMostSteps) {
    return {Kind::waits, {}};
  }
  const auto [known, is_new] = answers_.try_emplace(&block, Answer{Kind::around, {}});
  if (!is_new) {
    return known->second;
  }
  const Answer answer = from(block, 0);
  if (answer.kind == Kind::around) {
    answers_.erase(&block);  // true only of this way here
  } else {
    answers_[&block] = answer;
  }
  return answer;
}

Search::Answer Search::leave(const CFGBlock& block) {
  llvm::SmallVector<Answer, 4> ways;
  for (const CFGBlock* next : block.succs()) {
    if (next != nullptr) {
      ways.push_back(next == &flow_.getExit() ? at_exit(block) : into(*next));
    }
  }
  const Stmt* terminator = block.getTerminatorStmt();
  return combine(ways, one_way_is_enough(block), is_loop(terminator));
}

Search::Answer Search::at_exit(const CFGBlock& block) const {
  if (at_exit_.isInvalid()) {
    return {Kind::waits, {}};
  }
  SourceLocation where = at_exit_;
  for (const CFGElement& element : block) {
    const auto statement = element.getAs<CFGStmt>();
    if (statement && isa<ReturnStmt, CXXThrowExpr>(statement->getStmt())) {
      where = statement->getStmt()->getBeginLoc();
    }
  }
  return {Kind::leaks, where};
}

bool Search::one_way_is_enough(const CFGBlock& block) const {
  const Stmt* terminator = block.getTerminatorStmt();
  if (is_loop(terminator)) {
    // A loop that waits is taken to wait, though it might turn zero times; one that starts may end or go on.
    return contains(terminator, &start_);
  }
  return !ungoverned_.contains(&block) || is_independent(dyn_cast_or_null<Expr>(block.getTerminatorCondition()));
}

// Parameters that nobody changes and that have nothing to do with the start.
bool Search::is_independent(const Expr* condition) const {
  if (condition == nullptr || any_below(condition, [](const Stmt& node) { return isa<CallExpr>(node); })) {
    return false;
  }
  const Decls mentioned = mentioned_in(*condition);
  if (mentioned.empty()) {
    return false;
  }
  for (const ValueDecl* declaration : mentioned) {
    const auto* parameter = dyn_cast<ParmVarDecl>(declaration);
    const auto changes = [&](const Stmt& node) { return changed_by(node) == declaration; };
    if (parameter == nullptr || !parameter->getType()->isScalarType() || conditions_.contains(declaration) ||
        any_below(&body_.code(), changes, Lambdas::enter)) {
      return false;
    }
  }
  return true;
}

Search::Answer Search::combine(llvm::ArrayRef<Answer> ways, bool one_is_enough, bool is_a_loop) {
  const Answer* leak = nullptr;
  bool waits = false;
  bool around = false;
  for (const Answer& way : ways) {
    leak = way.kind == Kind::leaks && leak == nullptr ? &way : leak;
    waits = waits || way.kind == Kind::waits;
    around = around || way.kind == Kind::around;
  }
  if (leak != nullptr && (one_is_enough || (!waits && (!around || is_a_loop)))) {
    return *leak;
  }
  return leak == nullptr && !waits ? Answer{Kind::around, {}} : Answer{Kind::waits, {}};
}

}  // namespace

std::optional<SourceLocation> escape(Body& body, const Expr& start, const Reaches& reaches, SourceLocation at_exit) {
  const CFG* flow = body.flow();
  return flow != nullptr ? Search(body, *flow, start, reaches, at_exit).run() : std::nullopt;
}

}  // namespace gordian::lint
