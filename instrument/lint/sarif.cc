// SPDX-License-Identifier: Apache-2.0
#include "instrument/lint/sarif.h"

#include <clang/Basic/SourceManager.h>
#include <clang/Lex/Lexer.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/Path.h>

#include "instrument/lint/report.h"

namespace gordian::lint {
namespace {

using namespace clang;
namespace json = llvm::json;

std::string rule_of(Check check) { return "gordian-" + std::string(name_of(check)); }

const char* level_of(Check check) { return severity_of(check) == Severity::warning ? "warning" : "note"; }

// Relative to the working directory where it can be: code hosts know the files of a repository by such names.
std::string uri_of(const SourceManager& sources, SourceLocation where) {
  llvm::SmallString<256> path(sources.getFilename(where));
  if (const auto entry = sources.getFileEntryRefForID(sources.getFileID(where))) {
    path = entry->getFileEntry().tryGetRealPathName();
  }
  llvm::SmallString<256> here;
  if (!llvm::sys::fs::current_path(here) && llvm::StringRef(path).starts_with(here.str().str() + "/")) {
    return path.substr(here.size() + 1).str();
  }
  return "file://" + path.str().str();
}

json::Object region_of(const SourceManager& sources, SourceLocation begin, SourceLocation end) {
  json::Object region{{"startLine", sources.getSpellingLineNumber(begin)},
                      {"startColumn", sources.getSpellingColumnNumber(begin)}};
  if (end.isValid()) {
    region["endLine"] = sources.getSpellingLineNumber(end);
    region["endColumn"] = sources.getSpellingColumnNumber(end);
  }
  return region;
}

json::Object location_of(const SourceManager& sources, SourceLocation where) {
  return json::Object{
      {"physicalLocation", json::Object{{"artifactLocation", json::Object{{"uri", uri_of(sources, where)}}},
                                        {"region", region_of(sources, where, SourceLocation())}}}};
}

json::Object message(std::string text) { return json::Object{{"text", std::move(text)}}; }

json::Array fixes_of(const ASTContext& ast, const Finding& finding) {
  const SourceManager& sources = ast.getSourceManager();
  json::Array replacements;
  for (const FixItHint& fix : finding.fixes) {
    const CharSourceRange range = Lexer::makeFileCharRange(fix.RemoveRange, sources, ast.getLangOpts());
    replacements.push_back(json::Object{{"deletedRegion", region_of(sources, range.getBegin(), range.getEnd())},
                                        {"insertedContent", message(fix.CodeToInsert)}});
  }
  json::Object change{{"artifactLocation", json::Object{{"uri", uri_of(sources, finding.where)}}},
                      {"replacements", std::move(replacements)}};
  return json::Array{json::Object{{"artifactChanges", json::Array{std::move(change)}}}};
}

json::Array rules() {
  json::Array all;
#define GORDIAN_CHECK(function, name, severity, what)             \
  all.push_back(json::Object{{"id", rule_of(Check::function)},    \
                             {"shortDescription", message(what)}, \
                             {"defaultConfiguration", json::Object{{"level", #severity}}}});
#include "instrument/lint/checks.def"
#undef GORDIAN_CHECK
  return all;
}

}  // namespace

void SarifLog::add(const ASTContext& ast, const Finding& finding) {
  const SourceManager& sources = ast.getSourceManager();
  json::Array related;
  for (const Note& note : finding.notes) {
    json::Object place = location_of(sources, note.where);
    place["message"] = message(note.text);
    related.push_back(std::move(place));
  }
  json::Object result{{"ruleId", rule_of(finding.check)},
                      {"level", level_of(finding.check)},
                      {"message", message(finding.text)},
                      {"locations", json::Array{location_of(sources, finding.where)}},
                      {"relatedLocations", std::move(related)}};
  if (!finding.fixes.empty()) {
    result["fixes"] = fixes_of(ast, finding);
  }
  results_.push_back(std::move(result));
}

void SarifLog::write(llvm::raw_ostream& out) const {
  json::Object driver{{"name", "gordian-lint"}, {"version", GORDIAN_VERSION}, {"rules", rules()}};
  json::Object run{{"tool", json::Object{{"driver", std::move(driver)}}},
                   {"columnKind", "utf16CodeUnits"},
                   {"results", json::Array(results_)}};
  json::Value log = json::Object{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                                 {"version", "2.1.0"},
                                 {"runs", json::Array{std::move(run)}}};
  out << llvm::formatv("{0:2}\n", log);
}

}  // namespace gordian::lint
