// SPDX-License-Identifier: Apache-2.0
// Rules of the library that a program can break at run time, as a table over the subkinds of panics.def: the rule, and
// what to do. An unknown subkind has neutral words.
#pragma once

#include <string>
#include <string_view>

namespace gordian::analysis::report {

std::string misuse_rule(std::string_view subkind);
std::string misuse_hint(std::string_view subkind);
// What the actor that is named first does: "fails", "unlocks it".
std::string misuse_deed(std::string_view subkind);
// What the second one does, of two that nothing orders: "closes"; empty for other subkinds.
std::string misuse_other_deed(std::string_view subkind);

}  // namespace gordian::analysis::report
