// SPDX-License-Identifier: Apache-2.0
#include "instrument/lint/vocabulary.h"

#include <clang/AST/Attr.h>
#include <clang/AST/DeclTemplate.h>
#include <llvm/ADT/StringSet.h>

#include "instrument/lint/walk.h"

namespace gordian::lint {
namespace {

using namespace clang;
using llvm::dyn_cast;
using llvm::isa;

const llvm::StringSet<> kLocks{"gordian::Mutex",    "gordian::RWMutex",           "gordian::RWMutex::Reader",
                               "std::mutex",        "std::timed_mutex",           "std::recursive_mutex",
                               "std::shared_mutex", "std::recursive_timed_mutex", "std::shared_timed_mutex"};
// Where libstdc++ declares the functions of its locks.
const llvm::StringSet<> kLockBases{"std::__mutex_base", "std::__shared_mutex_pthread",
                                   "std::__shared_timed_mutex_base"};
const llvm::StringSet<> kGuards{"std::lock_guard", "std::scoped_lock", "std::unique_lock", "std::shared_lock"};

std::optional<LockCall> posix_lock_call(const CallExpr& call) {
  struct Word {
    llvm::StringLiteral name;
    bool locks;
    bool shared;
  };
  static constexpr Word kWords[] = {
      {"pthread_mutex_lock", true, false},     {"pthread_mutex_unlock", false, false},
      {"pthread_rwlock_wrlock", true, false},  {"pthread_rwlock_rdlock", true, true},
      {"pthread_rwlock_unlock", false, false}, {"pthread_spin_lock", true, false},
      {"pthread_spin_unlock", false, false},
  };
  const FunctionDecl* function = call.getDirectCallee();
  if (function == nullptr || function->getIdentifier() == nullptr || call.getNumArgs() != 1) {
    return std::nullopt;
  }
  for (const Word& word : kWords) {
    if (function->getName() == word.name) {
      return LockCall{word.locks, word.shared, call.getArg(0)};
    }
  }
  return std::nullopt;
}

std::optional<LockCall> annotated_lock_call(const CXXMethodDecl& method, const Expr* object) {
  if (!is_lock(QualType(method.getParent()->getTypeForDecl(), 0))) {
    return std::nullopt;
  }
  if (const auto* acquire = method.getAttr<AcquireCapabilityAttr>(); acquire != nullptr && acquire->args_size() == 0) {
    return LockCall{true, acquire->isShared(), object};
  }
  if (const auto* release = method.getAttr<ReleaseCapabilityAttr>(); release != nullptr && release->args_size() == 0) {
    return LockCall{false, release->isShared(), object};
  }
  return std::nullopt;
}

bool has_default_case(QualType type) {
  const CXXRecordDecl* record = class_of(type);
  const auto* select = record != nullptr ? dyn_cast<ClassTemplateSpecializationDecl>(record) : nullptr;
  if (select == nullptr) {
    return false;
  }
  for (const TemplateArgument& argument : select->getTemplateArgs().asArray()) {
    const auto pack =
        argument.getKind() == TemplateArgument::Pack ? argument.getPackAsArray() : llvm::ArrayRef(argument);
    for (const TemplateArgument& one : pack) {
      // A list made at run time may hold a default.
      if (one.getKind() == TemplateArgument::Type &&
          (is_class(one.getAsType(), "gordian::detail::DefaultCase") || is_class(one.getAsType(), "std::span"))) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

std::string qualified_name(const NamedDecl* declaration) {
  return declaration != nullptr ? declaration->getQualifiedNameAsString() : "";
}

const CXXRecordDecl* class_of(QualType type) {
  return type.isNull() ? nullptr : type.getNonReferenceType()->getAsCXXRecordDecl();
}

bool is_class(QualType type, std::string_view name) {
  const CXXRecordDecl* record = class_of(type);
  return record != nullptr && qualified_name(record) == name;
}

bool is_in_std(const Decl& declaration) {
  const DeclContext* context = declaration.getDeclContext();
  for (; context != nullptr && !context->isTranslationUnit(); context = context->getParent()) {
    if (context->isStdNamespace()) {
      return true;
    }
  }
  return false;
}

const FunctionDecl* callee_of(const Stmt& node) {
  if (const auto* call = dyn_cast<CallExpr>(&node)) {
    return call->getDirectCallee();
  }
  const auto* made = dyn_cast<CXXConstructExpr>(&node);
  return made != nullptr ? made->getConstructor() : nullptr;
}

std::optional<Method> method_of(const Stmt& node) {
  const auto* call = dyn_cast<CXXMemberCallExpr>(&node);
  const CXXMethodDecl* method = call != nullptr ? call->getMethodDecl() : nullptr;
  if (method == nullptr) {
    return std::nullopt;
  }
  return Method{call, qualified_name(method->getParent()), method->getNameAsString()};
}

bool is_lock(QualType type) {
  const CXXRecordDecl* record = class_of(type);
  return record != nullptr && (record->hasAttr<CapabilityAttr>() || kLocks.contains(qualified_name(record)));
}

bool is_guard(QualType type) {
  const CXXRecordDecl* record = class_of(type);
  return record != nullptr && (record->hasAttr<ScopedLockableAttr>() || kGuards.contains(qualified_name(record)));
}

std::optional<LockCall> lock_call(const Stmt& node) {
  const auto method = method_of(node);
  if (!method) {
    const auto* call = dyn_cast<CallExpr>(&node);
    return call != nullptr && !isa<CXXOperatorCallExpr>(call) ? posix_lock_call(*call) : std::nullopt;
  }
  const Expr* object = method->call->getImplicitObjectArgument();
  if (is_guard(object->getType()) || method->call->getNumArgs() != 0) {
    return std::nullopt;
  }
  if (kLocks.contains(method->of) || kLockBases.contains(method->of)) {
    const bool shared = llvm::StringRef(method->name).ends_with("_shared");
    if (method->name == "lock" || method->name == "lock_shared") {
      return LockCall{true, shared, object};
    }
    return method->name == "unlock" || method->name == "unlock_shared"
               ? std::optional<LockCall>(LockCall{false, shared, object})
               : std::nullopt;
  }
  return annotated_lock_call(*method->call->getMethodDecl(), object);
}

std::optional<Place> wait_group_call(const Stmt& node, std::string_view name) {
  const auto method = method_of(node);
  if (!method || method->of != "gordian::WaitGroup" || method->name != name) {
    return std::nullopt;
  }
  return place_of(method->call->getImplicitObjectArgument());
}

std::string_view blocking_channel_word(const Stmt& node) {
  if (const auto* range = dyn_cast<CXXForRangeStmt>(&node)) {
    const Expr* channel = range->getRangeInit();
    const bool receives = channel != nullptr && (is_class(channel->getType(), "gordian::Chan") ||
                                                 is_class(channel->getType(), "gordian::RecvChan"));
    return receives ? "receive" : "";
  }
  if (const auto method = method_of(node)) {
    if (method->of == "gordian::detail::SendSide" && method->name == "send") {
      return "send";
    }
    if (method->of == "gordian::detail::RecvSide") {
      return method->name == "recv" || method->name == "recv_ok" || method->name == "next" ? "receive" : "";
    }
    const bool selects = method->of == "gordian::Select" && method->name == "run";
    return selects && !has_default_case(method->call->getImplicitObjectArgument()->getType()) ? "select" : "";
  }
  const auto* shift = dyn_cast<CXXOperatorCallExpr>(&node);
  const FunctionDecl* function = shift != nullptr ? shift->getDirectCallee() : nullptr;
  if (function == nullptr || shift->getOperator() != OO_LessLess || shift->getNumArgs() != 2 ||
      !llvm::StringRef(qualified_name(function)).starts_with("gordian::")) {
    return "";
  }
  const bool sends = is_class(shift->getArg(0)->getType(), "gordian::Chan") ||
                     is_class(shift->getArg(0)->getType(), "gordian::SendChan");
  return sends ? "send" : "receive";
}

bool is_annotated(const FunctionDecl& function) {
  return function.hasAttr<AcquireCapabilityAttr>() || function.hasAttr<TryAcquireCapabilityAttr>() ||
         function.hasAttr<ReleaseCapabilityAttr>() || function.hasAttr<RequiresCapabilityAttr>() ||
         function.hasAttr<NoThreadSafetyAnalysisAttr>();
}

}  // namespace gordian::lint
