// SPDX-License-Identifier: Apache-2.0
// Does a trace keep the rules (rules.def)? The first chunk, event or record that breaks one is named with its byte
// offset; of several, the one that stands first in the file. Needs no merge: tickets alone order the operations on an
// object.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "runtime/base/result.h"
#include "runtime/trace/decode.h"

namespace gordian::trace {

enum class Rule : std::uint8_t {
#define GORDIAN_RULE(number, name, text) name = number,
#include "runtime/trace/rules.def"
#undef GORDIAN_RULE
};

std::string_view rule_text(Rule rule);

struct Violation {
  Rule rule{};
  std::uint64_t offset = 0;  // in the file; inside a compressed chunk: its payload's offset plus decompressed bytes
  std::string what;          // the instance: which object, ticket, actor
};

// Nothing if all rules hold. An Error only if the file cannot be read.
Result<std::optional<Violation>> validate(const TraceFile& file);

}  // namespace gordian::trace
