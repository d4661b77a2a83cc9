// SPDX-License-Identifier: Apache-2.0
// The standard library's containers are templates and instrumented like the user's code, all but a few functions of
// libstdc++.so that link nodes. Before each such call the runtime is told of it, with its arguments
// (runtime/abi/node_helpers.def).
#pragma once

#include <llvm/IR/InstrTypes.h>

#include <optional>

#include "instrument/pass/hook_table.h"
#include "instrument/pass/selection.h"

namespace gordian::pass {

[[nodiscard]] std::optional<NodeCall> node_call(llvm::CallBase& call);
void announce_node_call(const NodeCall& call, const HookTable& hooks);

}  // namespace gordian::pass
