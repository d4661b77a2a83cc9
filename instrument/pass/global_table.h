// SPDX-License-Identifier: Apache-2.0
// The globals that a translation unit defines, with the members of those of class type, for naming addresses at
// analysis time. Constants, thread_local variables and copies of other units' globals are left out.
#pragma once

#include <llvm/IR/Module.h>

#include "instrument/pass/site_table_writer.h"

namespace gordian::pass {

// Describes them in the table; the result has the same order.
[[nodiscard]] llvm::SmallVector<llvm::GlobalVariable*, 32> describe_globals(llvm::Module& module,
                                                                            SiteTableWriter& table);

}  // namespace gordian::pass
