// SPDX-License-Identifier: Apache-2.0
// Which object an expression names: a variable or `this`, then fields. Two expressions with equal places name the same
// object, provided that none of the pointers on the way has been changed in between (is_fixed_in). No place: not known.
#pragma once

#include <clang/AST/Decl.h>
#include <clang/AST/Expr.h>

#include <optional>
#include <string>
#include <vector>

namespace gordian::lint {

struct Place {
  const clang::VarDecl* base = nullptr;  // null: this
  std::vector<const clang::ValueDecl*>
      fields;  // and functions that return a view of the object, such as RWMutex::reader

  // The declaration of the object itself: a variable or a field.
  [[nodiscard]] const clang::ValueDecl* object() const { return fields.empty() ? base : fields.back(); }
  [[nodiscard]] std::string spelled() const;
  bool operator==(const Place&) const = default;
};

std::optional<Place> place_of(const clang::Expr* expression);

// The expression without parentheses, casts, temporaries, copies and std::move around it.
const clang::Expr* strip(const clang::Expr* expression);

// Is no pointer on the way to the place assigned to in the code?
bool is_fixed_in(const Place& place, const clang::Stmt& code);

// The variable or field that this node assigns to or steps (++, --); null if it does neither.
const clang::ValueDecl* changed_by(const clang::Stmt& node);

}  // namespace gordian::lint
