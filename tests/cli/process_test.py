#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Processes that start others: what the program says and how it ends is the same whether it is recorded or not, each
# instrumented process leaves a trace of its own that validates, and one report tells of all.
import glob
import os
import re
import subprocess

import fixture
import gordian


class Process(fixture.CommandTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.forks = os.path.join(cls.folder.name, "forks")
        source = os.path.join(fixture.HERE, "process_program.cc")
        complaint = cls.tools.compile(source, cls.forks, "-O1", "-pthread")
        if complaint:
            raise AssertionError(complaint)

    def run_case(self, case, findings, traces, command=None):
        """Runs it plainly and under `gordian run`. Returns the report and the traces, the first process's first."""
        words = command or [self.forks, case]
        plain = gordian.run(words, cwd=self.folder.name, env=self.environment())
        trace = self.path(case + ".gtrace")
        report = self.path(case + ".txt")
        done = self.command("run", "-o", trace, "--report", report, "--", *words)
        self.assertEqual(done.stdout, plain.stdout, done.stderr)
        self.assertEqual(done.returncode, 66 if findings and plain.returncode == 0 else plain.returncode, done.stderr)
        self.assertNotIn("not recorded", done.stderr)
        found = [trace] + sorted(glob.glob(self.path(case + ".*.gtrace")))
        self.assertEqual(len(found), traces, done.stderr)
        for each in found[:12]:
            self.expect(0, "trace", "validate", each)
        with open(report, encoding="utf-8") as file:
            text = file.read()
        self.assertEqual(len(re.findall(r"^\[G-", text, re.MULTILINE)), findings, text)
        self.assertNotIn("without predecessor", text)
        return text, found

    def test_a_race_in_the_child(self):
        text, traces = self.run_case("race_in_child", 1, 2)
        self.assertRegex(text, r"process \d+, forked by \d+, \S*forks, \S*race_in_child\.\d+\.gtrace\n\n\[G-\w+\] data race")
        self.assertRegex(self.expect(0, "trace", "dump", traces[0]).stdout, r"fork .*\b1\b")

    def test_an_executed_program_is_followed(self):
        text, _ = self.run_case("execute", 1, 3)
        self.assertRegex(text, r"process \d+, started by \d+, \S*forks, .*\n\n\[G-\w+\] data race")

    def test_scripts_are_followed(self):
        script = self.path("script.sh")
        with open(script, "w", encoding="utf-8") as file:
            file.write(f"{self.forks} racer; echo $?\n({self.forks} racer; echo $?) | cat\nexit 6\n")
        self.run_case("script", 1, 2, ["/bin/sh", script])

    def test_objects_of_before_the_fork(self):
        _, traces = self.run_case("inherit", 0, 2)
        dump = self.expect(0, "trace", "dump", traces[1]).stdout
        self.assertGreaterEqual(len(re.findall(r"\binherited\b", dump)), 7)

    def test_a_fork_in_a_goroutine(self):
        text, traces = self.run_case("from_goroutine", 1, 2)
        self.assertIn("forked by", text)
        self.assertIn('name text="forker"', self.expect(0, "trace", "dump", traces[1]).stdout)

    def test_other_ways_to_start_programs(self):
        self.run_case("others", 0, 1)

    def test_a_child_that_outlives_its_parent(self):
        self.run_case("outlive", 1, 2)

    def test_a_daemon(self):
        self.run_case("daemon", 1, 3)

    def test_a_hundred_forks(self):
        self.run_case("hundred", 0, 101)

    def test_forks_amid_threads(self):
        self.run_case("amid_threads", 0, 13)

    def test_a_child_that_cannot_be_recorded_is_told_of(self):
        done = self.expect(0, "record", "-q", "-o", self.path("unreachable.gtrace"), "--", self.forks, "unreachable")
        self.assertEqual(done.stdout, "child 4\n")
        self.assertRegex(done.stderr, r"not recorded: 1 forked by process \d+: no way to the recorder")

    def test_a_program_that_records_itself_has_children_that_do(self):
        folder = self.path("alone")
        os.mkdir(folder)
        words = {"GORDIAN_OPTIONS": "record:output=alone.gtrace", "GORDIAN_BIN": self.tools.gordian}
        with subprocess.Popen([self.forks, "race_in_child"], cwd=folder, env=self.environment(**words),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
            # The drainers keep stderr: its end is theirs.
            out, error = program.communicate(timeout=gordian.SECONDS)
        self.assertEqual((program.returncode, out, error), (3, "child 7\n", ""))
        traces = sorted(os.listdir(folder), key=len)
        self.assertEqual(len(traces), 2, traces)
        self.assertEqual(traces[0], "alone.gtrace")
        self.assertIn("data race", self.expect(1, "analyze", os.path.join(folder, traces[1])).stdout)
        self.expect(0, "analyze", os.path.join(folder, traces[0]))


if __name__ == "__main__":
    fixture.main()
