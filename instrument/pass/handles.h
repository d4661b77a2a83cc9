// SPDX-License-Identifier: Apache-2.0
// Which variables stand for the object that they lead to: `jobs`, a channel's handle, is what people call the channel.
// A guard is not the lock that it holds, nor is a closure what it has captured.
#pragma once

#include <llvm/IR/DebugInfoMetadata.h>

#include "instrument/pass/type_path.h"

namespace gordian::pass {

[[nodiscard]] bool is_of_library(const llvm::DIType* type);

// `place` is a pointer in the insides of a library's class, to what the library keeps there. The user's own classes and
// closures point to what has a name of its own, and so does a library's pointer to an object of the user's.
[[nodiscard]] bool is_handle(const TypePath& place);

// What POSIX has for a lock is a union or a number, in no namespace.
[[nodiscard]] bool is_opaque(const TypePath& place);

}  // namespace gordian::pass
