// SPDX-License-Identifier: Apache-2.0
// The initialisation of function-local statics. The compiler loads the guard byte with acquire, but the matching
// release is made inside libstdc++: without help every later use of the object would look unordered with its
// initialisation.
//   __cxa_guard_release(g)   is recorded as the atomic store that it makes
//   __cxa_guard_acquire(g)   is followed by an acquire load of the guard (another goroutine may just have finished)
#pragma once

#include "instrument/pass/hook_table.h"
#include "instrument/pass/selection.h"

namespace gordian::pass {

[[nodiscard]] bool is_static_guard_call(const llvm::CallBase& call);
// The access that stands for the call in the site table.
[[nodiscard]] Access static_guard_access(llvm::CallBase& call);
void record_static_guard(const Access& guard, const HookTable& hooks);

}  // namespace gordian::pass
