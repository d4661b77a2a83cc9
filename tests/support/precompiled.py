# SPDX-License-Identifier: Apache-2.0
# The precompiled headers of the test programs (CMakeLists.txt here): which of them a program may take. Gordian's are in none that the
# program does not include itself: one of goroutines takes gordian.h, one of std::thread the standard headers.
import os
import re

LEVEL = re.compile(r"-O[0-3]$")
# With options of these kinds a program takes headers that were read without them. No header of ours looks at a macro without an
# underscore in front, but for NDEBUG.
ALIKE = re.compile(r"-D(?!NDEBUG)[A-Z]|-[IWl][\w/]|-g$")


def header(source):
    """The name of the precompiled header that holds what `source` includes anyway, or None."""
    with open(source, encoding="utf-8") as file:
        text = file.read()
    if "#include <gordian/gordian.h>" in text or '#include "support/step.h"' in text:
        return "goroutines"
    return "threads" if "#include <thread>" in text or '#include "tests/bench/kernels/kernel.h"' in text else None


def options(build, source, given):
    """What to add to a compilation of `source` by gordian-clang++ -std=c++20 with the `given` options: nothing where they are of a
    kind that clang does not take a precompiled header with."""
    levels = [option for option in given if LEVEL.match(option)]
    name = header(source)
    if name is None or len(levels) != 1 or not all(LEVEL.match(option) or ALIKE.match(option) for option in given):
        return []
    return ["-include-pch", os.path.join(build, "tests", "precompiled", f"{name}{levels[0]}.pch")]
