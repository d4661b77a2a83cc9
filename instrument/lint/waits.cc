// SPDX-License-Identifier: Apache-2.0
#include "instrument/lint/waits.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/DeclTemplate.h>
#include <clang/Basic/SourceManager.h>
#include <llvm/ADT/StringSet.h>

#include <algorithm>
#include <vector>

#include "instrument/lint/starts.h"
#include "instrument/lint/vocabulary.h"
#include "instrument/lint/walk.h"

namespace gordian::lint {
namespace {

using namespace clang;
using llvm::dyn_cast;
using llvm::isa;

// Of Gordian's functions, those that return without anybody else's doing.
const llvm::StringSet<> kGordianGoesOn{"gordian::go",
                                       "gordian::yield",
                                       "gordian::sleep",
                                       "gordian::set_goroutine_name",
                                       "gordian::num_goroutine",
                                       "gordian::set_max_procs",
                                       "gordian::make_chan",
                                       "gordian::after",
                                       "gordian::tick",
                                       "gordian::WaitGroup::add",
                                       "gordian::WaitGroup::done",
                                       "gordian::detail::SendSide::close",
                                       "gordian::panic",
                                       "gordian::background"};
constexpr std::string_view kGordianHandles[] = {
    "gordian::Chan::", "gordian::SendChan::", "gordian::RecvChan::", "gordian::with_"};

// Classes of std that other threads are met through. Names begin so.
constexpr std::string_view kMeetingPlaces[] = {"std::thread",
                                               "std::jthread",
                                               "std::mutex",
                                               "std::__mutex_base",
                                               "std::timed_mutex",
                                               "std::recursive",
                                               "std::shared_mutex",
                                               "std::shared_timed_mutex",
                                               "std::__shared",
                                               "std::lock",
                                               "std::unique_lock",
                                               "std::scoped_lock",
                                               "std::try_lock",
                                               "std::condition_variable",
                                               "std::atomic",
                                               "std::__atomic",
                                               "std::latch",
                                               "std::barrier",
                                               "std::counting_semaphore",
                                               "std::__atomic_semaphore",
                                               "std::future",
                                               "std::shared_future",
                                               "std::__basic_future",
                                               "std::promise",
                                               "std::packaged_task",
                                               "std::async",
                                               "std::call_once",
                                               "std::stop_",
                                               "std::function",
                                               "std::move_only_function"};
// What begins so as well and waits for nobody.
constexpr std::string_view kNoMeetingPlaces[] = {
    "std::thread::thread", "std::jthread::jthread",   "std::thread::operator=", "std::jthread::operator=",
    "std::thread::detach", "std::function::function", "std::__shared_ptr",      "std::__shared_count"};

// C functions that may block until somebody else acts. Names begin so.
constexpr std::string_view kBlockingC[] = {
    "pthread_", "sem_",  "thrd_",   "mtx_",   "cnd_",    "syscall", "futex",   "read",    "recv",
    "accept",   "poll",  "ppoll",   "select", "pselect", "epoll_",  "wait",    "sigwait", "sigsuspend",
    "pause",    "flock", "lockf",   "fcntl",  "ioctl",   "mq_",     "msgrcv",  "connect", "getchar",
    "fgets",    "fread", "getline", "scanf",  "fscanf",  "qsort",   "bsearch", "atexit",  "dl"};

template <class Names>
bool begins_with_one_of(llvm::StringRef text, const Names& names) {
  return std::any_of(std::begin(names), std::end(names),
                     [text](std::string_view name) { return text.starts_with(name); });
}

// A function's name or pointer, or what may hide one.
bool is_unknown_callable(QualType type) {
  type = type.getNonReferenceType();
  return type->isFunctionType() || type->isFunctionPointerType() || type->isMemberFunctionPointerType() ||
         is_class(type, "std::function");
}

bool is_of_gordian(const std::string& name) { return llvm::StringRef(name).starts_with("gordian::"); }

bool is_in_system_header(const Decl& declaration) {
  return declaration.getASTContext().getSourceManager().isInSystemHeader(declaration.getLocation());
}

}  // namespace

bool Waits::may_wait(const CFGElement& element) {
  if (const auto statement = element.getAs<CFGStmt>()) {
    return node(*statement->getStmt());
  }
  if (const auto automatic = element.getAs<CFGAutomaticObjDtor>()) {
    return end_of(automatic->getVarDecl()->getType());
  }
  if (const auto temporary = element.getAs<CFGTemporaryDtor>()) {
    return !moved_.contains(temporary->getBindTemporaryExpr()) && end_of(temporary->getBindTemporaryExpr()->getType());
  }
  return false;
}

bool Waits::node(const Stmt& node) {
  if (start_of(node)) {
    return false;  // whoever is started waits elsewhere
  }
  if (const auto* called = dyn_cast<CallExpr>(&node)) {
    return call(*called);
  }
  if (const auto* made = dyn_cast<CXXConstructExpr>(&node)) {
    return function(made->getConstructor());
  }
  if (const auto* deletion = dyn_cast<CXXDeleteExpr>(&node)) {
    return end_of(deletion->getDestroyedType());
  }
  return isa<AtomicExpr, CoroutineSuspendExpr, AsmStmt>(node);
}

bool Waits::call(const CallExpr& called) {
  note_moved(called);
  const FunctionDecl* function_called = called.getDirectCallee();
  if (function(function_called)) {
    return true;
  }
  if (!is_in_std(*function_called)) {
    return false;
  }
  // Their code is not looked at: what they may run is what they are given, and the ends of what they hold.
  const auto* member = dyn_cast<CXXMemberCallExpr>(&called);
  return (member != nullptr && end_of(member->getObjectType())) ||
         takes_what_may_wait({called.getArgs(), called.getNumArgs()});
}

// worker = std::jthread(...): what is left of the temporary joins nobody.
void Waits::note_moved(const CallExpr& called) {
  for (const Expr* argument : called.arguments()) {
    walk(argument, [this](const Stmt& below) {
      const auto* made = dyn_cast<CXXBindTemporaryExpr>(&below);
      if (made != nullptr && is_class(made->getType(), "std::jthread")) {
        moved_.insert(made);
      }
    });
  }
}

bool Waits::takes_what_may_wait(llvm::ArrayRef<const Expr*> arguments) {
  return std::any_of(arguments.begin(), arguments.end(), [this](const Expr* argument) {
    const CXXRecordDecl* record = class_of(argument->getType());
    if (record != nullptr && record->isLambda()) {
      return function(record->getLambdaCallOperator());
    }
    const auto* named = dyn_cast<DeclRefExpr>(argument->IgnoreParenImpCasts());
    const auto* given = named != nullptr ? dyn_cast<FunctionDecl>(named->getDecl()) : nullptr;
    return given != nullptr ? function(given) : is_unknown_callable(argument->getType());
  });
}

bool Waits::function(const FunctionDecl* asked) {
  if (asked == nullptr) {
    return true;
  }
  asked = asked->getCanonicalDecl();
  const auto [known, is_new] = functions_.try_emplace(asked, true);
  if (!is_new) {
    return known->second;
  }
  const bool answer = decide(*asked);
  functions_[asked] = answer;
  return answer;
}

bool Waits::decide(const FunctionDecl& asked) {
  if (asked.getBuiltinID() != 0 || asked.isTrivial() || asked.isReplaceableGlobalAllocationFunction()) {
    return false;
  }
  const std::string name = asked.getQualifiedNameAsString();
  if (is_of_gordian(name)) {
    const bool makes_one = isa<CXXConstructorDecl>(asked);
    return !makes_one && !kGordianGoesOn.contains(name) && !begins_with_one_of(name, kGordianHandles);
  }
  if (is_in_std(asked)) {
    return begins_with_one_of(name, kMeetingPlaces) && !begins_with_one_of(name, kNoMeetingPlaces);
  }
  if (asked.isExternC() && is_in_system_header(asked)) {
    return begins_with_one_of(asked.getName(), kBlockingC);
  }
  const auto* method = dyn_cast<CXXMethodDecl>(&asked);
  if (method != nullptr && method->isVirtual() && !method->hasAttr<FinalAttr>() && !isa<CXXDestructorDecl>(method)) {
    return true;
  }
  return asked.isDefaulted() ? false : code(asked);
}

bool Waits::code(const FunctionDecl& asked) {
  const FunctionDecl* definition = nullptr;
  if (!asked.isDefined(definition) || definition->getBody() == nullptr || definition->isDependentContext()) {
    return true;
  }
  const auto may = [this](const Stmt& below) {
    if (const auto* declared = dyn_cast<DeclStmt>(&below)) {
      return std::any_of(declared->decl_begin(), declared->decl_end(), [this](const Decl* one) {
        const auto* variable = dyn_cast<VarDecl>(one);
        return variable != nullptr && end_of(variable->getType());
      });
    }
    const auto* temporary = dyn_cast<CXXBindTemporaryExpr>(&below);
    return temporary != nullptr ? end_of(temporary->getType()) : node(below);
  };
  if (const auto* constructor = dyn_cast<CXXConstructorDecl>(definition)) {
    for (const CXXCtorInitializer* initializer : constructor->inits()) {
      if (any_below(initializer->getInit(), may)) {
        return true;
      }
    }
  }
  return any_below(definition->getBody(), may);
}

// The end of a variable of this type: its destructor, and those of what it holds.
bool Waits::end_of(QualType type) {
  type = type->getBaseElementTypeUnsafe()->getCanonicalTypeInternal();
  const CXXRecordDecl* record = type->isReferenceType() ? nullptr : class_of(type);
  if (record == nullptr || !record->hasDefinition() || record->hasTrivialDestructor()) {
    return false;
  }
  const auto [known, is_new] = destructors_.try_emplace(record, false);
  if (!is_new) {
    return known->second;
  }
  const bool answer = destructor(*record->getDefinition());
  destructors_[record] = answer;
  return answer;
}

bool Waits::destructor(const CXXRecordDecl& record) {
  const std::string name = qualified_name(&record);
  const auto* made = dyn_cast<ClassTemplateSpecializationDecl>(&record);
  if (is_of_gordian(name)) {
    const bool defers = name == "gordian::Defer" && made != nullptr;
    const CXXRecordDecl* deferred = defers ? class_of(made->getTemplateArgs()[0].getAsType()) : nullptr;
    return name == "gordian::ErrGroup" ||
           (defers && (deferred == nullptr || !deferred->isLambda() || function(deferred->getLambdaCallOperator())));
  }
  if (is_in_std(record)) {
    const auto waits = [this](const TemplateArgument& one) {
      return one.getKind() == TemplateArgument::Type && end_of(one.getAsType());
    };
    return name == "std::jthread" || name == "std::future" || name == "std::shared_future" ||
           (made != nullptr &&
            std::any_of(made->getTemplateArgs().asArray().begin(), made->getTemplateArgs().asArray().end(), waits));
  }
  const CXXDestructorDecl* written = record.getDestructor();
  if (written != nullptr && written->isUserProvided() && function(written)) {
    return true;
  }
  return std::any_of(record.bases_begin(), record.bases_end(),
                     [this](const auto& base) { return end_of(base.getType()); }) ||
         std::any_of(record.field_begin(), record.field_end(),
                     [this](const auto* field) { return end_of(field->getType()); });
}

}  // namespace gordian::lint
