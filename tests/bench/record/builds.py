# SPDX-License-Identifier: Apache-2.0
# Each kernel in four builds: plain, for ThreadSanitizer, for Gordian, and one that counts accesses; what compiling costs, and how
# large the code becomes.
import os
import re
import statistics
import subprocess

import measure

FLAGS = ("-std=c++20", "-O2", "-g")


class Compilers:
    def __init__(self, root, build, out):
        self.root, self.build, self.out = root, build, out
        self.clang = "clang++-19"
        self.gordian = os.path.join(build, "bin", "gordian-clang++")
        self.counter = os.path.join(out, "count_accesses.o")
        run([self.clang, *FLAGS, "-c", os.path.join(os.path.dirname(os.path.abspath(__file__)), "count_accesses.cc"), "-o", self.counter])

    def path(self, kernel, kind):
        return os.path.join(self.out, f"{kernel.name}.{kind}")

    def kinds(self, kernel):
        return [kind for kind in ("plain", "tsan", "gordian") if not (kernel.goroutines and kind == "tsan")]

    def compile(self, kernel, kind):
        """CPU seconds of compiling, the code's bytes; leaves the program at path(kernel, kind)."""
        compiler = self.gordian if kind == "gordian" else self.clang
        sanitize = ("-fsanitize=thread",) if kind in ("tsan", "counting") else ()
        object_file = self.path(kernel, kind) + ".o"
        include = ["-I", self.root]
        if kernel.goroutines and kind != "gordian":
            include += ["-isystem", os.path.join(self.root, "runtime", "include")]
        cost = run([compiler, *FLAGS, *sanitize, "-pthread", *include, "-c", kernel.source, "-o", object_file])
        if kind == "counting":
            link = [self.clang, object_file, self.counter]
        else:
            link = [compiler, *sanitize, object_file]
        if kernel.goroutines and kind != "gordian":
            library = os.path.join(self.build, "lib")
            link += ["-L" + library, "-Wl,-rpath," + library, "-lgordian_rt"]
        run([*link, "-pthread", "-o", self.path(kernel, kind)])
        return cost, code_bytes(object_file)

    def costs(self, kernel, repetitions):
        """Per kind the median CPU seconds of compiling and the bytes of code."""
        seconds, sizes = {}, {}
        for _ in range(repetitions):
            for kind in self.kinds(kernel):
                cost, sizes[kind] = self.compile(kernel, kind)
                seconds.setdefault(kind, []).append(cost)
        self.compile(kernel, "counting")
        return {kind: {"compile_cpu": statistics.median(seconds[kind]), "code_bytes": sizes[kind]} for kind in seconds}


def run(words):
    done = measure.run(words)
    if done.status != 0:
        raise SystemExit(f"bench: {' '.join(words)}\n{done.error}")
    return done.cpu


def code_bytes(object_file):
    """All sections of machine code; templates have sections of their own."""
    listing = subprocess.run(["llvm-size-19", "-A", object_file], capture_output=True, text=True, check=True).stdout
    return sum(int(size) for size in re.findall(r"^\.text\S*\s+(\d+)", listing, re.MULTILINE))
