// SPDX-License-Identifier: Apache-2.0
#include "instrument/lint/report.h"

#include <clang/Basic/SourceManager.h>
#include <clang/Tooling/Inclusions/HeaderIncludes.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/raw_ostream.h>

#include <algorithm>

namespace gordian::lint {
namespace {

using namespace clang;

// The text of a line, up to its end.
llvm::StringRef line_at(llvm::StringRef text, std::size_t offset) {
  const std::size_t begin = text.rfind('\n', offset);
  const llvm::StringRef rest = text.drop_front(begin == llvm::StringRef::npos || offset == 0 ? 0 : begin + 1);
  return rest.take_until([](char c) { return c == '\n'; });
}

// NOLINT for all checks, NOLINT(a, gordian-*) for those that match.
bool silences(llvm::StringRef line, llvm::StringRef marker, llvm::StringRef check) {
  const std::size_t at = line.find(marker);
  if (at == llvm::StringRef::npos) {
    return false;
  }
  llvm::StringRef rest = line.drop_front(at + marker.size());
  if (!rest.consume_front("(")) {
    return rest.empty() || !(llvm::isAlpha(rest.front()) || rest.front() == '_');
  }
  llvm::SmallVector<llvm::StringRef, 4> names;
  rest.take_until([](char c) { return c == ')'; }).split(names, ',');
  return std::any_of(names.begin(), names.end(), [check](llvm::StringRef name) {
    name = name.trim();
    return name.consume_back("*") ? check.starts_with(name) : check == name;
  });
}

bool is_silenced(const SourceManager& sources, const Finding& finding) {
  const auto [file, offset] = sources.getDecomposedLoc(finding.where);
  const llvm::StringRef text = sources.getBufferData(file);
  const std::string check = "gordian-" + std::string(name_of(finding.check));
  const llvm::StringRef line = line_at(text, offset == 0 ? 0 : offset - 1);
  const std::size_t begin = static_cast<std::size_t>(line.data() - text.data());
  return silences(line, "NOLINT", check) || (begin > 1 && silences(line_at(text, begin - 2), "NOLINTNEXTLINE", check));
}

constexpr std::string_view kNames[] = {
#define GORDIAN_CHECK(function, name, severity, what) name,
#include "instrument/lint/checks.def"
#undef GORDIAN_CHECK
};
constexpr Severity kSeverities[] = {
#define GORDIAN_CHECK(function, name, severity, what) Severity::severity,
#include "instrument/lint/checks.def"
#undef GORDIAN_CHECK
};

// Where a person would look for it: a place in a macro is where the macro is used.
void move_to_files(const SourceManager& sources, Finding& finding) {
  finding.where = sources.getFileLoc(finding.where);
  for (Note& note : finding.notes) {
    note.where = sources.getFileLoc(note.where);
  }
}

}  // namespace

std::string_view name_of(Check check) { return kNames[static_cast<std::size_t>(check)]; }
Severity severity_of(Check check) { return kSeverities[static_cast<std::size_t>(check)]; }

bool Report::is_new(const SourceManager& sources, const Finding& finding) {
  const auto [file, offset] = sources.getDecomposedLoc(finding.where);
  const auto entry = sources.getFileEntryRefForID(file);
  return entry && said_.emplace(std::string(entry->getFileEntry().tryGetRealPathName()), offset, finding.check).second;
}

void Report::add(ASTContext& ast, Findings findings) {
  const SourceManager& sources = ast.getSourceManager();
  for (Finding& finding : findings) {
    move_to_files(sources, finding);
  }
  std::sort(findings.begin(), findings.end(), [&](const Finding& a, const Finding& b) {
    return a.where == b.where ? a.check < b.check : sources.isBeforeInTranslationUnit(a.where, b.where);
  });
  for (const Finding& finding : findings) {
    if (finding.where.isInvalid() || sources.isInSystemHeader(finding.where) || is_silenced(sources, finding) ||
        !is_new(sources, finding)) {
      continue;
    }
    (severity_of(finding.check) == Severity::warning ? warnings_ : notes_) += 1;
    keep_fixes(ast, finding);
    if (format_ == Format::sarif) {
      sarif_.add(ast, finding);
    } else {
      emit(ast, finding);
    }
  }
}

void Report::emit(ASTContext& ast, const Finding& finding) const {
  DiagnosticsEngine& engine = ast.getDiagnostics();
  const auto level =
      severity_of(finding.check) == Severity::warning ? DiagnosticsEngine::Warning : DiagnosticsEngine::Remark;
  const unsigned id = engine.getCustomDiagID(level, "%0 [gordian-%1]");
  {
    const std::string_view name = name_of(finding.check);
    DiagnosticBuilder said = engine.Report(finding.where, id);
    said << finding.text << llvm::StringRef(name.data(), name.size());
    for (const FixItHint& fix : finding.fixes) {
      said << fix;
    }
  }
  const unsigned note_id = engine.getCustomDiagID(DiagnosticsEngine::Note, "%0");
  for (const Note& note : finding.notes) {
    engine.Report(note.where, note_id) << note.text;
  }
}

void Report::keep_fixes(const ASTContext& ast, const Finding& finding) {
  std::map<std::string, tooling::Replacements> changed = fixes_;
  for (const FixItHint& fix : finding.fixes) {
    const CharSourceRange range = fix.RemoveRange;
    const tooling::Replacement replacement(ast.getSourceManager(), range, fix.CodeToInsert, ast.getLangOpts());
    if (!replacement.isApplicable() || llvm::errorToBool(changed[replacement.getFilePath().str()].add(replacement))) {
      return;
    }
    if (!finding.needs_header.empty()) {
      headers_[replacement.getFilePath().str()].insert(finding.needs_header);
    }
  }
  fixable_ += finding.fixes.empty() ? 0 : 1;
  fixes_ = std::move(changed);
}

int Report::apply_fixes(std::string& complaint) const {
  for (const auto& [file, kept] : fixes_) {
    const auto buffer = llvm::MemoryBuffer::getFile(file);
    if (!buffer) {
      complaint = file + ": " + buffer.getError().message();
      return 0;
    }
    tooling::Replacements replacements = kept;
    const tooling::HeaderIncludes includes(file, (*buffer)->getBuffer(), tooling::IncludeStyle());
    for (const std::string& header : headers_.contains(file) ? headers_.at(file) : std::set<std::string>()) {
      if (const auto inserted = includes.insert(header, true, tooling::IncludeDirective::Include)) {
        llvm::consumeError(replacements.add(*inserted));
      }
    }
    auto fixed = tooling::applyAllReplacements((*buffer)->getBuffer(), replacements);
    std::error_code error;
    llvm::raw_fd_ostream out(file, error);
    if (!fixed || error) {
      complaint = file + ": " + (fixed ? error.message() : llvm::toString(fixed.takeError()));
      return 0;
    }
    out << *fixed;
  }
  return fixable_;
}

}  // namespace gordian::lint
