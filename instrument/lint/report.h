// SPDX-License-Identifier: Apache-2.0
// From findings to what people and tools read. Drops what was not asked for, what stands in system headers or is marked
// // NOLINT(gordian-...), and what another translation unit has said already; the rest goes through clang's diagnostics
// engine, into a SARIF log, and into the fixes.
#pragma once

#include <clang/AST/ASTContext.h>
#include <clang/Tooling/Core/Replacement.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "instrument/lint/check.h"
#include "instrument/lint/sarif.h"

namespace gordian::lint {

std::string_view name_of(Check check);
Severity severity_of(Check check);

class Report {
 public:
  enum class Format { text, sarif };
  explicit Report(Format format) : format_(format) {}

  void add(clang::ASTContext& ast, Findings findings);

  [[nodiscard]] int warnings() const { return warnings_; }
  [[nodiscard]] int notes() const { return notes_; }
  [[nodiscard]] const SarifLog& sarif() const { return sarif_; }

  // Rewrites the files. Fixes that overlap are left for the next time. Returns how many findings were fixed; the
  // complaint is empty if all files could be written.
  int apply_fixes(std::string& complaint) const;

 private:
  bool is_new(const clang::SourceManager& sources, const Finding& finding);
  void emit(clang::ASTContext& ast, const Finding& finding) const;
  void keep_fixes(const clang::ASTContext& ast, const Finding& finding);

  const Format format_;
  int warnings_ = 0;
  int notes_ = 0;
  int fixable_ = 0;
  std::set<std::tuple<std::string, unsigned, Check>> said_;
  std::map<std::string, clang::tooling::Replacements> fixes_;  // by file
  std::map<std::string, std::set<std::string>> headers_;       // that fixes need, by file
  SarifLog sarif_;
};

}  // namespace gordian::lint
