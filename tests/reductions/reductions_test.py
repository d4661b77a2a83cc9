# SPDX-License-Identifier: Apache-2.0
"""The pass's reductions hide nothing, on random programs.

usage: reductions_test.py BUILD covered|loops|groups|heap PROGRAMS
covered: racy programs, recorded whole with the left-out accesses marked, and beside that as they would be otherwise; check_marked
         judges all three.
loops:   programs of one goroutine, built with loops told in front of them and without; check_ranges compares what each source
         place touched.
groups:  programs of one goroutine, built with accesses of one base told together and without; check_groups compares what each
         segment touched, with all else the same.
heap:    racy programs, built with accesses to private objects recorded and without; run in the same order, they have the same races.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "support"))
import precompiled

LEVELS = ["-O1", "-O2", "-O3", "-O0"]


class Bench:
    def __init__(self, build, folder):
        self.build, self.bin = build, os.path.join(build, "bin")
        self.folder = folder

    def path(self, name):
        return os.path.join(self.folder, name)

    @staticmethod
    def run(words, **options):
        done = subprocess.run(words, capture_output=True, text=True, **options)
        if done.returncode != 0:
            sys.exit(f"{' '.join(words)}: status {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def source(self, generator, seed):
        path = self.path(f"program{seed}.cc")
        with open(path, "w", encoding="utf-8") as out:
            out.write(self.run([sys.executable, os.path.join(HERE, generator), str(seed)]))
        return path

    def record(self, source, seed, name, options, threads=2):
        """The trace, and what the program printed."""
        program, trace = self.path(name), self.path(name + ".gtrace")
        level = LEVELS[seed % len(LEVELS)]
        words = [level, *precompiled.options(self.build, source, [level])]
        words += [word for option in options for word in ("-mllvm", option)]
        self.run([os.path.join(self.bin, "gordian-clang++"), "-std=c++20", *words, source, "-o", program])
        printed = self.run([os.path.join(self.bin, "gordian"), "record", "-q", "--every-access", "-o", trace, "--", program],
                           env={**os.environ, "GORDIAN_MAXPROCS": str(threads)})
        return trace, printed.strip()

    def check(self, words):
        """Numbers that a checker prints, or the end."""
        printed = self.run([os.path.join(self.bin, words[0]), *words[1:]])
        sys.stdout.write(printed)
        return [int(number) for number in re.findall(r" (\d+)", printed.replace(self.folder, ""))]


def covered(bench, seed):
    trace, _ = bench.record(bench.source("generate.py", seed), seed, f"marked{seed}", ["-gordian-keep=marked"])
    accesses, left_out, racy, _ = bench.check(["check_marked", trace])
    return accesses, accesses - left_out, racy


def loops(bench, seed):
    source = bench.source("generate_loops.py", seed)
    words = ["check_ranges"]
    for name, option in (("each", "false"), ("ranges", "true")):
        words += bench.record(source, seed, f"{name}{seed}", ["-gordian-covered=false", f"-gordian-loops={option}"])
    each, ranges = bench.check(words)
    return each, ranges, 1


def groups(bench, seed):
    results = []
    for generator in ("generate_groups.py", "generate_loops.py"):
        source = bench.source(generator, seed)
        words = ["check_groups"]
        for name, option in (("each", "false"), ("groups", "true")):
            words += bench.record(source, seed, f"{name}{seed}", [f"-gordian-groups={option}"])
        results.append(bench.check(words))
    return *(sum(column) for column in zip(*results)), 1


def races(bench, trace):
    """What is raced for, and by which functions. (A line that the optimiser has dropped is that of another access, if there is one.)"""
    done = subprocess.run([os.path.join(bench.bin, "gordian"), "analyze", "-q", "--format=json", trace], capture_output=True, text=True, check=False)
    return sorted((finding["object"]["name"], *sorted((actor["role"], actor["stack"][0]["function"]) for actor in finding["actors"]))
                  for finding in json.loads(done.stdout)["findings"] if finding["kind"] == "data-race")


def heap(bench, seed):
    source = bench.source("generate_heap.py", seed)
    found, records = [], []
    for name, option in (("each", "false"), ("private", "true")):
        trace, _ = bench.record(source, seed, f"{name}{seed}", ["-gordian-groups=false", f"-gordian-heap={option}"], threads=1)
        found.append(races(bench, trace))
        records.append(bench.check(["check_marked", trace])[0])
    if found[0] != found[1]:
        sys.exit(f"program {seed}: {found[0]}\nwithout private objects: {found[1]}")
    return *records, len(found[0])


def main():
    build, mode, programs = sys.argv[1], {"covered": covered, "loops": loops, "groups": groups, "heap": heap}[sys.argv[2]], int(sys.argv[3])
    with tempfile.TemporaryDirectory() as folder:
        results = [mode(Bench(build, folder), seed) for seed in range(1, programs + 1)]
    before, after, proofs = (sum(column) for column in zip(*results))
    print(f"all {programs}: {before} records without it, {after} with it")
    if after * 20 > before * 19 or proofs == 0:
        sys.exit("too little is left out, or nothing could have been hidden: these programs prove nothing")


main()
