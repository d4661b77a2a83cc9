// SPDX-License-Identifier: Apache-2.0
// A lock() that leaves the function unreleased on some way. Forward data flow per lock: the set of lock() calls that
// may be in force, and whether the lock may be free. An unlock() that meets "may be free" hangs on a condition that
// flow does not see, and a lock handed to somebody else is out of sight: then nothing is said.
#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/SmallPtrSet.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "instrument/lint/check.h"
#include "instrument/lint/unit.h"
#include "instrument/lint/vocabulary.h"
#include "instrument/lint/walk.h"

namespace gordian::lint {
namespace {

using namespace clang;
using llvm::dyn_cast;
using llvm::isa;

// The lock() calls that may be in force; null stands for "free".
using State = std::set<const Stmt*>;

struct Leak {
  const Stmt* lock;
  SourceLocation exit;
  bool throws;
};

// Everything that the body does to one lock.
class LockFlow {
 public:
  LockFlow(Body& body, const Place& place);

  // The leaks, or nothing if the lock's story cannot be told from this function.
  std::vector<Leak> leaks();

 private:
  void note_uses();
  [[nodiscard]] bool is_hopeless() const;
  [[nodiscard]] bool releases_at_end(const VarDecl& variable) const;
  bool apply(const CFGElement& element, State& state);
  bool apply(const Stmt& step, State& state);
  bool run_block(const CFGBlock& block);
  void collect_leaks(const CFG& flow, std::vector<Leak>& leaks) const;

  Body& body_;
  const Place& place_;
  const bool all_seen_;
  bool aliased_ = false;                          // another expression may name the same lock
  bool releases_ = false;                         // in this function, at least on one way
  llvm::SmallPtrSet<const Stmt*, 16> handed_on_;  // mentions of the lock that are neither lock() nor unlock()
  std::map<const CFGBlock*, State> in_;
  std::map<const CFGBlock*, State> out_;
};

LockFlow::LockFlow(Body& body, const Place& place)
    : body_(body), place_(place), all_seen_(body.unit().is_all_seen(*place.object())) {
  note_uses();
}

bool keeps_lock(const Stmt& node) {
  const auto* call = dyn_cast<CallExpr>(&node);
  const FunctionDecl* function = call != nullptr ? call->getDirectCallee() : nullptr;
  return function != nullptr && function->getIdentifier() != nullptr &&
         function->getName().starts_with("pthread_cond_");
}

void LockFlow::note_uses() {
  llvm::SmallPtrSet<const Stmt*, 32> known;
  const auto mark = [&](const Stmt* root) { walk(root, [&](const Stmt& below) { known.insert(&below); }); };
  walk(&body_.code(), [&](const Stmt& node) {
    if (const auto call = lock_call(node)) {
      const auto other = place_of(call->lock);
      releases_ = releases_ || (!call->locks && other == place_);
      aliased_ = aliased_ || !other || (other != place_ && other->object() == place_.object());
      mark(call->lock);
    } else if (const auto* lambda = dyn_cast<LambdaExpr>(&node)) {
      std::for_each(lambda->capture_init_begin(), lambda->capture_init_end(), mark);
    } else if (keeps_lock(node)) {
      mark(&node);
    } else if (const auto* declared = dyn_cast<DeclStmt>(&node); declared != nullptr && declared->isSingleDecl()) {
      const auto* variable = dyn_cast<VarDecl>(declared->getSingleDecl());
      releases_ = releases_ || (variable != nullptr && releases_at_end(*variable));
    }
  });
  walk(&body_.code(), [&](const Stmt& node) {
    const auto* reference = dyn_cast<DeclRefExpr>(&node);
    const auto* member = dyn_cast<MemberExpr>(&node);
    const bool mentions = (reference != nullptr && reference->getDecl() == place_.object()) ||
                          (member != nullptr && member->getMemberDecl() == place_.object());
    if (mentions && !known.contains(&node)) {
      handed_on_.insert(&node);
    }
  });
}

bool names_locking(llvm::StringRef name) {
  static constexpr const char* kWords[] = {"lock", "acquire", "enter", "begin"};
  return std::any_of(std::begin(kWords), std::end(kWords),
                     [name](const char* word) { return name.contains_insensitive(word); });
}

bool LockFlow::is_hopeless() const {
  if (aliased_ || body_.unit().is_released_elsewhere(*place_.object()) || !is_fixed_in(place_, body_.code())) {
    return true;
  }
  // A function that only locks may be meant to: its caller releases.
  const bool is_protocol =
      isa<CXXConstructorDecl>(body_.function()) || names_locking(body_.function().getNameAsString());
  return !releases_ && (is_protocol || !all_seen_);
}

bool LockFlow::releases_at_end(const VarDecl& variable) const {
  const FunctionDecl* deferred = deferred_by(variable);
  return deferred != nullptr && any_below(deferred->getBody(), [this](const Stmt& node) {
           const auto call = lock_call(node);
           return call && !call->locks && place_of(call->lock) == place_;
         });
}

bool release(State& state) {
  const bool is_certain = !state.contains(nullptr);
  state = {nullptr};
  return is_certain;
}

// False: the story cannot be told.
bool LockFlow::apply(const CFGElement& element, State& state) {
  if (const auto end = element.getAs<CFGAutomaticObjDtor>()) {
    return !releases_at_end(*end->getVarDecl()) || release(state);
  }
  const auto step = element.getAs<CFGStmt>();
  return !step || apply(*step->getStmt(), state);
}

bool LockFlow::apply(const Stmt& step, State& state) {
  if (handed_on_.contains(&step)) {
    state = {nullptr};
    return true;
  }
  if (const auto call = lock_call(step)) {
    if (place_of(call->lock) == place_) {
      return call->locks ? (state = {&step}, true) : release(state);
    }
    return true;
  }
  const FunctionDecl* called = callee_of(step);
  if (!all_seen_ &&
      (called != nullptr ? !called->isDefined() && !is_in_std(*called) && !called->isExternC() : isa<CallExpr>(step))) {
    state = {nullptr};  // code that is not seen here may release it
  }
  return true;
}

// Its state at the end, kept in out_; false: the story cannot be told.
bool LockFlow::run_block(const CFGBlock& block) {
  State state = in_[&block];
  for (const CFGElement& element : block) {
    if (!apply(element, state)) {
      return false;
    }
  }
  out_[&block] = std::move(state);
  return true;
}

void LockFlow::collect_leaks(const CFG& flow, std::vector<Leak>& leaks) const {
  for (const CFGBlock* last : flow.getExit().preds()) {
    if (last == nullptr || last->hasNoReturnElement() || !out_.contains(last)) {
      continue;
    }
    Leak leak{nullptr, body_.code().getEndLoc(), false};
    for (const CFGElement& element : *last) {
      const auto step = element.getAs<CFGStmt>();
      if (step && isa<ReturnStmt, CXXThrowExpr>(step->getStmt())) {
        leak.exit = step->getStmt()->getBeginLoc();
        leak.throws = isa<CXXThrowExpr>(step->getStmt());
      }
    }
    for (const Stmt* lock : out_.at(last)) {
      leak.lock = lock;
      if (lock != nullptr) {
        leaks.push_back(leak);
      }
    }
  }
}

std::vector<Leak> LockFlow::leaks() {
  const CFG* flow = is_hopeless() ? nullptr : body_.flow();
  std::vector<Leak> found;
  if (flow == nullptr) {
    return found;
  }
  in_[&flow->getEntry()] = {nullptr};
  std::deque<const CFGBlock*> todo{&flow->getEntry()};
  while (!todo.empty()) {
    const CFGBlock* block = todo.front();
    todo.pop_front();
    if (!run_block(*block)) {
      return {};
    }
    for (const CFGBlock* next : block->succs()) {
      if (next == nullptr) {
        continue;
      }
      const bool is_new = !in_.contains(next);
      const std::size_t before = in_[next].size();
      in_[next].insert(out_[block].begin(), out_[block].end());
      if (is_new || in_[next].size() != before) {
        todo.push_back(next);
      }
    }
  }
  collect_leaks(*flow, found);
  return found;
}

std::vector<Place> locks_taken(const Body& body) {
  std::vector<Place> places;
  walk(&body.code(), [&](const Stmt& node) {
    const auto call = lock_call(node);
    auto place = call && call->locks ? place_of(call->lock) : std::nullopt;
    if (place && place->object() != nullptr && std::find(places.begin(), places.end(), *place) == places.end()) {
      places.push_back(std::move(*place));
    }
  });
  return places;
}

}  // namespace

void missing_unlock(Body& body, Findings& findings) {
  if (is_annotated(body.function())) {
    return;
  }
  for (const Place& place : locks_taken(body)) {
    std::map<const Stmt*, std::vector<Note>> exits;
    const std::string name = "'" + place.spelled() + "'";
    for (const Leak& leak : LockFlow(body, place).leaks()) {
      exits[leak.lock].push_back({leak.exit, leak.throws
                                                 ? "an exception leaves the function here with " + name + " held"
                                                 : "the function is left here with " + name + " held"});
    }
    for (auto& [lock, notes] : exits) {
      findings.push_back({Check::missing_unlock,
                          lock->getBeginLoc(),
                          name + " is locked here and not released on every way out",
                          std::move(notes),
                          {},
                          ""});
    }
  }
}

}  // namespace gordian::lint
