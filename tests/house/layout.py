# SPDX-License-Identifier: Apache-2.0
# What a file must look like wherever it lives: top-level layout, licence line, opening comment, length, and words that stand
# in one place only (memory orders, versions of LLVM) or nowhere (unfinished work, paths of one machine).
import os
import re

import tree

TOP_LEVEL = {
    "CMakeLists.txt", "runtime", "instrument", "analyzer", "tests", "samples", "scripts",
    "README.md", "LICENSE", "CONTRIBUTING.md", "CMakePresets.json",
}
MAX_LINES = 400
LICENCE = "SPDX-License-Identifier: Apache-2.0"
PROSE = (".md", ".txt", ".json")

# Words that stand in one place only. Tests and samples are programs under test: they may use what users use.
BELONGS = (
    ("memory_order_", re.compile(r"(runtime/(record|sched|sync|io|wait|hooks|intercept|boot)/|runtime/trace/ring_layout\.h$|"
                                 r"analyzer/launch/|tests/|samples/)")),
    ("LLVM_VERSION_MAJOR", re.compile(r"instrument/pass/llvm_compat\.h$|tests/house/")),
)
# Split, so that this file does not contain them.
NEVER = (
    (re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b"), "unfinished work: do it, or describe it in the issue tracker"),
    (re.compile(r"(?<![\w.*])/(home|root|wo" r"rk|Users)/"), "a path of one machine"),
    (re.compile(r"/tm" r"p/g/"), "a path of one machine"),
)


def check_top_level(root):
    return [f"{name}:1: does not belong at the top level" for name in sorted(os.listdir(root))
            if name not in TOP_LEVEL and not tree.is_skipped(name)]


def needs_licence(root, path):
    return tree.is_cpp(path) or path.endswith((".py", ".S", ".ll")) or tree.is_script(root, path)


def header_of(path):
    """The header that tells the idea of a .cc beside it."""
    return path[:-3] + ".h" if path.endswith(".cc") else None


def check_opening(root, path, lines):
    """Licence in the first two lines (a script has its #! first), then what the file is about; a .cc may leave that to its
    header."""
    if not needs_licence(root, path):
        return []
    at = next((i for i, line in enumerate(lines[:2]) if LICENCE in line), None)
    if at is None:
        return [f"{path}:1: no licence line ({LICENCE})"]
    header = header_of(path)
    if header and os.path.exists(os.path.join(root, header)):
        return []
    marker = "//" if tree.is_cpp(path) else ";" if path.endswith(".ll") else ("#", '"""')
    is_comment = len(lines) > at + 1 and lines[at + 1].startswith(marker)
    return [] if is_comment else [f"{path}:{at + 2}: no opening comment: the idea, the invariant"]


def check_words(path, lines):
    errors = []
    for number, line in enumerate(lines, 1):
        for word, where in BELONGS:
            if word in line and not path.endswith(PROSE) and not where.match(path) and not path.startswith("tests/house/"):
                errors.append(f"{path}:{number}: {word} belongs in {where.pattern}")
        for pattern, why in NEVER:
            if pattern.search(line):
                errors.append(f"{path}:{number}: {why}")
    return errors


def check(root):
    errors = check_top_level(root)
    for path in tree.files(root):
        if path == "LICENSE" or path.endswith((".svg", ".png", ".bin")):
            continue
        lines = tree.read(root, path).splitlines()
        errors += check_opening(root, path, lines)
        errors += check_words(path, lines)
        if len(lines) > MAX_LINES:
            errors.append(f"{path}:{MAX_LINES + 1}: {len(lines)} lines are two ideas (at most {MAX_LINES})")
    return errors
