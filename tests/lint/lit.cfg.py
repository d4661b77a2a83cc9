# SPDX-License-Identifier: Apache-2.0
"""Cases of gordian-lint. One folder per check: found.cc, where each expected diagnostic stands beside its line; clean.cc, the
correct twins, which must be silent; fix.cc, what --fix makes of a file. What a RUN line may say:

  %lint      gordian-lint; behind `--` the compiler's options, C++20 if they name no other standard
  %gordian   the command
  %source    the source tree
  %python    for Inputs/*.py
  %clang     the plain compiler with Gordian's headers
"""
import os
import sys

import lit.formats

build = lit_config.params["build"]
source = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

config.name = "gordian-lint"
config.suffixes = [".cc", ".c", ".test"]
config.excludes = ["Inputs", "CMakeLists.txt"]
config.test_format = lit.formats.ShTest(execute_external=False)
config.test_source_root = os.path.dirname(os.path.abspath(__file__))
config.test_exec_root = os.path.join(build, "tests", "lint", "lit")

config.environment["PATH"] = "/usr/lib/llvm-19/bin" + os.pathsep + os.environ.get("PATH", "")
config.environment["NO_COLOR"] = "1"

bin_ = os.path.join(build, "bin")
# What a file includes anyway, read before: nine tenths of what looking at a small file costs.
config.substitutions.append(("%headers", f"-std=c++20 -include-pch {os.path.join(build, 'tests', 'precompiled', 'lint.pch')}"))
config.substitutions.append(("%lint", os.path.join(bin_, "gordian-lint")))
config.substitutions.append(("%gordian", os.path.join(bin_, "gordian")))
config.substitutions.append(("%source", source))
config.substitutions.append(("%python", sys.executable))
config.substitutions.append(("%clang", f"clang++ -std=c++20 -isystem {source}/runtime/include"))
