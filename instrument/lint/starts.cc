// SPDX-License-Identifier: Apache-2.0
#include "instrument/lint/starts.h"

#include <clang/AST/DeclCXX.h>
#include <clang/AST/DeclTemplate.h>

#include <algorithm>

#include "instrument/lint/vocabulary.h"
#include "instrument/lint/walk.h"

namespace gordian::lint {
namespace {

using namespace clang;
using llvm::dyn_cast;
using llvm::isa;

bool is_thread(QualType type) { return is_class(type, "std::thread") || is_class(type, "std::jthread"); }

// std::function<void()> f = [&] { ... } is the lambda for our purposes.
const LambdaExpr* lambda_of(const Expr* expression) {
  for (int depth = 0; depth < 4; ++depth) {
    expression = strip(expression);
    if (expression == nullptr) {
      return nullptr;
    }
    if (const auto* lambda = dyn_cast<LambdaExpr>(expression)) {
      return lambda;
    }
    if (const auto* made = dyn_cast<CXXConstructExpr>(expression)) {
      expression = made->getNumArgs() >= 1 ? made->getArg(0) : nullptr;
      continue;
    }
    const auto* reference = dyn_cast<DeclRefExpr>(expression);
    const auto* variable = reference != nullptr ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
    expression = variable != nullptr && !isa<ParmVarDecl>(variable) ? variable->getInit() : nullptr;
  }
  return nullptr;
}

// A variable that dies with a scope of the function; a reference names something else.
const VarDecl* mortal(const ValueDecl* declaration) {
  if (const auto* binding = dyn_cast<BindingDecl>(declaration)) {
    declaration = binding->getDecomposedDecl();
  }
  const auto* variable = declaration != nullptr ? dyn_cast<VarDecl>(declaration) : nullptr;
  return variable != nullptr && variable->hasLocalStorage() && !variable->getType()->isReferenceType() ? variable
                                                                                                       : nullptr;
}

const VarDecl* named_variable(const Expr* expression) {
  const auto* reference = expression != nullptr ? dyn_cast<DeclRefExpr>(expression->IgnoreParenImpCasts()) : nullptr;
  return reference != nullptr ? mortal(reference->getDecl()) : nullptr;
}

// &x, std::ref(x), an array that decays: the variable whose address the expression is.
const VarDecl* pointed_to(const Expr* expression) {
  expression = strip(expression);
  if (expression == nullptr) {
    return nullptr;
  }
  if (const auto* unary = dyn_cast<UnaryOperator>(expression)) {
    return unary->getOpcode() == UO_AddrOf ? named_variable(unary->getSubExpr()) : nullptr;
  }
  if (const auto* call = dyn_cast<CallExpr>(expression)) {
    const std::string name = qualified_name(call->getDirectCallee());
    const bool refers = name == "std::ref" || name == "std::cref" || name == "std::addressof";
    return refers && call->getNumArgs() == 1 ? named_variable(call->getArg(0)) : nullptr;
  }
  const VarDecl* variable = named_variable(expression);
  return variable != nullptr && variable->getType()->isArrayType() ? variable : nullptr;
}

void add_shared(std::vector<Shared>& shared, const VarDecl* variable, SourceLocation where,
                const LambdaCapture* capture) {
  const auto is_same = [variable](const Shared& known) { return known.variable == variable; };
  if (variable == nullptr || std::any_of(shared.begin(), shared.end(), is_same)) {
    return;
  }
  const bool is_binding = isa<DecompositionDecl>(variable) && capture != nullptr;
  const ValueDecl* named = is_binding ? capture->getCapturedVar() : variable;
  shared.push_back({variable, named->getNameAsString(), where, capture});
}

void add_captures(const LambdaExpr& lambda, std::vector<Shared>& shared) {
  for (const LambdaCapture& capture : lambda.captures()) {
    if (!capture.capturesVariable()) {
      continue;
    }
    const ValueDecl* captured = capture.getCapturedVar();
    if (lambda.isInitCapture(&capture)) {
      const auto* kept = dyn_cast<VarDecl>(captured);
      const Expr* init = kept != nullptr ? kept->getInit() : nullptr;
      const bool by_reference = kept != nullptr && kept->getType()->isReferenceType();
      add_shared(shared, by_reference ? named_variable(init) : pointed_to(init), capture.getLocation(), &capture);
    } else if (capture.getCaptureKind() == LCK_ByRef) {
      add_shared(shared, mortal(captured), capture.getLocation(), &capture);
    }
  }
}

Start make_start(const Expr& at, std::string_view what, llvm::ArrayRef<const Expr*> arguments) {
  Start start{&at, what, nullptr, std::nullopt, {}};
  for (const Expr* argument : arguments) {
    if (const LambdaExpr* lambda = lambda_of(argument)) {
      start.body = start.body == nullptr ? lambda : start.body;
      add_captures(*lambda, start.shared);
    } else {
      add_shared(start.shared, pointed_to(argument), argument->getExprLoc(), nullptr);
    }
  }
  return start;
}

std::vector<const Expr*> arguments_of(const CallExpr& call) { return {call.arg_begin(), call.arg_end()}; }

// threads.emplace_back([&] { ... })
bool makes_thread_in_container(const Method& method) {
  const auto* container = dyn_cast_or_null<ClassTemplateSpecializationDecl>(method.call->getRecordDecl());
  if (container == nullptr || !is_in_std(*container) || !llvm::StringRef(method.name).starts_with("emplace") ||
      container->getTemplateArgs().size() == 0) {
    return false;
  }
  const TemplateArgument& element = container->getTemplateArgs()[0];
  const bool is_copy = method.call->getNumArgs() > 0 && is_thread(method.call->getArg(0)->getType());
  return element.getKind() == TemplateArgument::Type && is_thread(element.getAsType()) && !is_copy;
}

std::optional<Start> start_of_call(const CallExpr& call) {
  if (qualified_name(call.getDirectCallee()) == "gordian::go") {
    return make_start(call, "goroutine", arguments_of(call));
  }
  const auto method = method_of(call);
  if (!method) {
    return std::nullopt;
  }
  const bool is_group = method->of == "gordian::WaitGroup" || method->of == "gordian::ErrGroup";
  if (is_group && (method->name == "go" || method->name == "try_go")) {
    Start start = make_start(call, "goroutine", arguments_of(call));
    start.group = place_of(method->call->getImplicitObjectArgument());
    return start;
  }
  return makes_thread_in_container(*method) ? std::optional<Start>(make_start(call, "thread", arguments_of(call)))
                                            : std::nullopt;
}

}  // namespace

std::optional<Start> start_of(const Stmt& node) {
  if (const auto* call = dyn_cast<CallExpr>(&node)) {
    return start_of_call(*call);
  }
  const auto* made = dyn_cast<CXXConstructExpr>(&node);
  if (made == nullptr || made->getNumArgs() == 0 || !is_thread(made->getType()) ||
      is_thread(made->getArg(0)->getType())) {
    return std::nullopt;
  }
  return make_start(*made, "thread", std::vector<const Expr*>(made->arg_begin(), made->arg_end()));
}

std::vector<Start> starts_below(const Stmt& root) {
  std::vector<Start> starts;
  walk(&root, [&](const Stmt& node) {
    if (auto start = start_of(node)) {
      starts.push_back(std::move(*start));
    }
  });
  return starts;
}

}  // namespace gordian::lint
