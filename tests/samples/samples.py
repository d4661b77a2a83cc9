#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# samples.py BUILD SAMPLE: builds a sample and its twins (every .cc beside main.cc), runs each under `gordian run`, and compares the
# reports with expected.json exactly; a twin must yield nothing. Each is built at -O0 and -O2 and run once. With
# GORDIAN_TEST_FULL set: at -O1 as well, ten times at -O0, 20 times at -O2 with each of GORDIAN_MAXPROCS 1, 2 and 4.
import glob
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "support")]
import expectation
import gordian

# (level, GORDIAN_MAXPROCS, runs)
QUICK = (("-O0", 1, 1), ("-O2", 2, 1))
FULL = (("-O0", 2, 10), ("-O1", 2, 1), ("-O2", 1, 20), ("-O2", 2, 20), ("-O2", 4, 20))


class Program:
    """main.cc of a sample or one of its twins, built at one level."""

    def __init__(self, tools, folder, name, level, out):
        self.tools, self.out = tools, out
        self.source = os.path.join(folder, name + ".cc")
        self.binary = os.path.join(out, name + level)
        self.label = f"{name}.cc {level}"
        expected = gordian.load(os.path.join(folder, "expected.json"))
        self.expected = expected if name == "main" else {"exit": 0, "findings": []}
        self.complaints = tools.compile(self.source, self.binary, level, "-Wall", "-Wextra", "-Werror", *expected.get("link", []))

    def check(self, procs):
        """Complaints about one run."""
        report, trace = self.binary + ".json", self.binary + ".gtrace"
        words = [self.tools.gordian, "run", "-q", "-o", trace, "--format=json", "--report", report, "--", self.binary]
        try:
            done = gordian.run(words, env=gordian.environment(self.out, GORDIAN_MAXPROCS=str(procs)))
        except subprocess.TimeoutExpired:
            return [f"still running after {gordian.SECONDS} s"]
        if not os.path.exists(report):
            return [f"no report; exit status {done.returncode}\n{done.stderr}"]
        complaints = expectation.differences(self.expected, gordian.load(report), self.source)
        os.remove(report)
        if done.returncode != self.expected["exit"]:
            complaints.append(f"exit status {done.returncode}, {self.expected['exit']} expected\n{done.stderr}")
        if self.expected.get("says", "") not in done.stderr:
            complaints.append(f"does not say {self.expected['says']}, but\n{done.stderr}")
        return complaints + self.validate(trace)

    def validate(self, trace):
        done = gordian.run([self.tools.gordian, "trace", "validate", trace])
        return [] if done.returncode == 0 else [f"the trace does not validate: {done.stdout}{done.stderr}"]


def names(folder):
    """The programs of a sample, without .cc."""
    return [os.path.basename(path)[:-3] for path in sorted(glob.glob(os.path.join(folder, "*.cc")))]


def check_sample(tools, folder, full, out):
    failures, programs = [], {}
    for name in names(folder):
        for level, procs, runs in FULL if full else QUICK:
            if (name, level) not in programs:
                programs[name, level] = Program(tools, folder, name, level, out)
            program = programs[name, level]
            if program.complaints:
                failures.append(f"{program.label}: {program.complaints}")
                continue
            for number in range(runs):
                for complaint in program.check(procs):
                    failures.append(f"{program.label}, GORDIAN_MAXPROCS={procs}, run {number + 1}: {complaint}")
    return failures


def main(arguments):
    build, folder = arguments
    full = os.environ.get("GORDIAN_TEST_FULL", "") not in ("", "0")
    with tempfile.TemporaryDirectory() as out:
        failures = check_sample(gordian.Tools(build), folder, full, out)
    print("\n".join(failures) if failures else "exactly as expected")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
