# SPDX-License-Identifier: Apache-2.0
# Every C++ file is formatted as .clang-format says. Lists (.def) are tables and keep their columns.
import os
import subprocess

import tree


def check(root, clang_format="clang-format-19"):
    paths = [path for path in tree.files(root) if path.endswith((".h", ".cc", ".c"))]
    if not paths:
        return []
    absolute = [os.path.join(root, path) for path in paths]
    run = subprocess.run([clang_format, "--dry-run", "-Werror", *absolute], capture_output=True, text=True, check=False)
    if run.returncode == 0:
        return []
    bad = sorted({line.split(":")[0] for line in run.stderr.splitlines() if "error:" in line})
    return [f"{os.path.relpath(path, root)}:1: not formatted; run {clang_format} -i on it" for path in bad]
