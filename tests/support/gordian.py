# SPDX-License-Identifier: Apache-2.0
# What the Python tests share: where the tools of a build are, running them with a time limit, and reading a JSON report the
# way a person would: kind, variable, who did what at which line of the user's own file.
import json
import os
import subprocess

import precompiled

SECONDS = 120


class Tools:
    def __init__(self, build):
        self.build = os.path.abspath(build)
        self.gordian = os.path.join(self.build, "bin", "gordian")
        self.cxx = os.path.join(self.build, "bin", "gordian-clang++")

    def compile(self, source, program, *options):
        """Returns the compiler's complaints, empty if it had none."""
        words = [self.cxx, "-std=c++20", "-g", *options, *precompiled.options(self.build, source, options), source, "-o", program]
        done = run(words)
        return "" if done.returncode == 0 else f"{' '.join(words)}\n{done.stderr}"


def run(words, **options):
    """A finished process with its texts. Still running after SECONDS: killed, subprocess.TimeoutExpired."""
    return subprocess.run(words, capture_output=True, text=True, timeout=SECONDS, check=False, **options)


def environment(state, **more):
    """The environment of a test: the last run is remembered in `state`, never in the user's home."""
    return {**os.environ, "XDG_STATE_HOME": state, "NO_COLOR": "1", **more}


def user_frame(stack, file):
    """The innermost frame in the given source file, or None."""
    name = os.path.basename(file)
    for frame in stack or []:
        if os.path.basename(frame.get("file", "")) == name:
            return frame
    return None


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)
