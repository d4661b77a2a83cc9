#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Words that are wrong, words that ask for help: nothing here runs a program.
import re

import fixture
import gordian


class Usage(fixture.CommandTest):
    def test_help_names_every_command(self):
        text = self.expect(0, "--help").stdout
        for name in ("run", "record", "report", "analyze", "graph", "explain", "trace", "lint", "doctor", "demo"):
            self.assertIn(f"\n  {name}", text)
        self.assertNotIn("drain", text)

    def test_each_command_has_help_with_its_statuses(self):
        for name in ("run", "record", "report", "analyze", "graph", "explain", "lint", "doctor", "demo"):
            text = self.expect(0, name, "--help").stdout
            self.assertIn("Exit status", text, name)

    def test_version(self):
        self.assertRegex(self.expect(0, "--version").stdout, r"^gordian \d+\.\d+\.\d+\n$")

    def test_no_command(self):
        done = self.expect(2)
        self.assertEqual(done.stdout, "")
        self.assertIn("gordian run", done.stderr)

    def test_misspelt_commands_get_a_suggestion(self):
        for word, meant in (("anlyze", "analyze"), ("rnu", "run"), ("recrod", "record"), ("grpah", "graph")):
            self.assertIn(f"did you mean '{meant}'?", self.expect(2, word).stderr)
        self.assertNotIn("did you mean", self.expect(2, "zzzzzz").stderr)

    def test_usage_errors(self):
        for words in (["analyze"], ["analyze", "--format=poem", "x"], ["graph"], ["explain", "x"], ["trace"],
                      ["analyze", "--bogus", "x"], ["graph", "x", "--kind=ring"], ["analyze", "x", "--fail-on=never"]):
            done = self.expect(2, *words)
            self.assertEqual(done.stdout, "", words)
            self.assertIn("gordian", done.stderr, words)

    def test_usage_errors_of_commands_that_run_programs_are_own_failures(self):
        for words in (["run"], ["record"], ["run", "--"], ["run", "--bogus", "--", "true"], ["run", "--bogus", "true"]):
            self.expect(125, *words)

    def test_report_without_a_run(self):
        done = self.expect(2, "report", XDG_STATE_HOME=self.path("nothing"))
        self.assertIn("no last run", done.stderr)

    def test_doctor(self):
        done = self.command("doctor")
        lines = done.stdout.splitlines()
        self.assertGreaterEqual(len(lines), 10)
        self.assertEqual(done.returncode, 1 if any(line.startswith("problem") for line in lines) else 0)
        for name in ("compiler", "shared ring", "graphviz", "disk"):
            self.assertIn(name, done.stdout)

    def test_doctor_asks_for_the_compiler_that_the_wrapper_drives(self):
        version = re.search(r"clang version (\d+)", gordian.run([self.tools.cxx, "--version"]).stdout).group(1)
        self.assertRegex(self.command("doctor").stdout, rf"compiler\b.*clang\+\+-{version}\b")
        nowhere = self.command("doctor", PATH=self.path("nowhere"))
        self.assertRegex(nowhere.stdout, rf"clang\+\+-{version} is not in the PATH")


if __name__ == "__main__":
    fixture.main()
