// SPDX-License-Identifier: Apache-2.0
// The one place that looks at LLVM's version. Gordian is built against LLVM 19; a plugin is loaded by exactly the clang
// that it was built for, so another version is refused here, with a sentence, rather than by the dynamic linker.
#pragma once

#include <llvm/Config/llvm-config.h>

#if LLVM_VERSION_MAJOR != 19
#error "Gordian's pass needs LLVM 19: configure with -DLLVM_DIR=/usr/lib/llvm-19/lib/cmake/llvm"
#endif
