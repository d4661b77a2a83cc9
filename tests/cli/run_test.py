#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# gordian run and record: the program's status comes first, then 66, and 125 to 127 for what went wrong before it ran.
import glob
import json
import os
import re
import signal
import subprocess

import fixture


class Run(fixture.CommandTest):
    def run_program(self, status, name, *words, **environment):
        trace = self.path(name + ".run.gtrace")
        return self.expect(status, "run", "-o", trace, *words, "--", self.program(name), **environment)

    def test_clean(self):
        done = self.run_program(0, "clean")
        self.assertTrue(done.stdout.startswith("hello\n"))
        self.assertIn("no findings", done.stdout)

    def test_findings_make_66_of_0(self):
        self.assertIn("data race", self.run_program(66, "racy").stdout)

    def test_own_status_comes_first(self):
        self.assertIn("data race", self.run_program(3, "racy_three").stdout)
        self.assertIn("deadlock", self.run_program(2, "asleep").stdout)

    def test_signals(self):
        self.run_program(128 + signal.SIGKILL, "killed")
        self.run_program(128 + signal.SIGABRT, "aborts")

    def test_fail_on(self):
        self.run_program(66, "racy", "--fail-on=observed")
        self.run_program(0, "racy", "--fail-on=predicted,potential")
        self.run_program(0, "racy", "--fail-on=none")

    def test_not_found_and_not_executable(self):
        self.expect(127, "run", "--", self.path("nowhere"))
        self.expect(127, "record", "--", "no-such-program-anywhere")
        plain = self.path("plain.txt")
        with open(plain, "w", encoding="utf-8") as file:
            file.write("text")
        self.expect(126, "run", "--", plain)

    def test_nothing_instrumented(self):
        done = self.expect(125, "run", "--", "/bin/true")
        self.assertIn("nothing was instrumented", done.stderr)
        self.assertIn("gordian-clang++", done.stderr)
        self.assertNotIn("no findings", done.stdout)
        self.expect(1, "run", "--", "/bin/false")
        self.expect(0, "record", "--", "/bin/true")

    def test_discard_keeps_nothing(self):
        folder = self.path("empty")
        os.mkdir(folder)
        command = [self.tools.gordian, "record", "--discard", "--", self.program("racy_three")]
        done = subprocess.run(command, cwd=folder, env=self.environment(XDG_STATE_HOME=self.path("fresh")), capture_output=True, text=True)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertGreater(int(re.search(r"discarded: (\d+) bytes", done.stderr)[1]), 0)
        self.assertEqual(os.listdir(folder), [])
        self.assertFalse(os.path.exists(self.path("fresh")))
        self.expect(125, "record", "--discard", "-o", self.path("d.gtrace"), "--", self.program("clean"))

    def test_waiting_for_room_in_the_ring_is_no_loss(self):
        trace = self.path("full.gtrace")
        done = self.expect(0, "run", "--every-access", "-o", trace, "--", self.program("busy"), GORDIAN_OPTIONS="ring_mb=4")
        self.assertIn("5,000,", done.stdout)
        self.assertIn("nothing lost", done.stdout)

    def test_an_old_trace_is_not_taken_for_this_run_s(self):
        trace = self.path("once.gtrace")
        self.expect(66, "run", "-o", trace, "--", self.program("racy"))
        done = self.expect(125, "run", "-o", trace, "--", "/bin/sh", "-c", f'env -u GORDIAN_SOCKET "{self.program("racy")}"')
        self.assertEqual(done.stdout, "")
        self.assertIn("GORDIAN_SOCKET", done.stderr)

    def test_a_runtime_of_another_version(self):
        program, trace = self.path("other_runtime"), self.path("other.gtrace")
        source = os.path.join(fixture.HERE, "other_runtime.cc")
        subprocess.run(["clang++-19", "-std=c++20", "-I", fixture.ROOT, source, "-o", program], check=True)
        run = lambda status, *words: self.expect(status, "run", "-q", "-o", trace, "--", program, *words)
        stale = run(125, "stale")
        self.assertRegex(stale.stderr, r"not recorded: process \d+: .*another version.*; rebuild")
        self.assertEqual(stale.stdout, "")
        self.assertEqual(run(3, "stale", "3").returncode, 3)
        self.assertRegex(run(125, "silent").stderr, r"not recorded: process \d+: .* wrote no event")
        both = self.expect(125, "run", "-q", "-o", trace, "--", "/bin/sh", "-c", f'"{self.program("clean")}"; "{program}" stale')
        self.assertIn("no findings", both.stdout)
        self.assertIn("not recorded", both.stderr)
        self.expect(66, "run", "-q", "-o", trace, "--", "/bin/sh", "-c", f'"{self.program("racy")}"; "{program}" stale')

    def test_the_runtime_without_instrumentation(self):
        source, program = self.path("plain_main.cc"), self.path("plain_main")
        with open(source, "w", encoding="utf-8") as file:
            file.write(fixture.HEAD + fixture.PROGRAMS["racy"])
        include = ["-I", os.path.join(fixture.ROOT, "runtime", "include")]
        library = os.path.join(self.tools.build, "lib")
        linking = ["-L", library, "-lgordian_rt", f"-Wl,-rpath,{library}"]
        subprocess.run(["clang++-19", "-std=c++20", *include, source, "-o", program, *linking], check=True)
        done = self.expect(0, "run", "-q", "-o", self.path("plain_main.gtrace"), "--", program)
        self.assertIn("no instrumented function ran: data races cannot be seen", done.stdout)

    def test_arguments_pass_untouched(self):
        trace = self.path("arguments.gtrace")
        words = ["-q", "--help", "--", "-o", "a b"]
        done = self.expect(0, "record", "-q", "-o", trace, "--", self.program("arguments"), *words)
        self.assertEqual(done.stdout.splitlines(), words)
        done = self.expect(0, "record", "-q", "-o", trace, self.program("arguments"), "-q", "--", "x")
        self.assertEqual(done.stdout.splitlines(), ["-q", "--", "x"])

    def test_default_name_of_the_trace_is_told(self):
        done = self.expect(0, "record", "--", self.program("clean"))
        traces = glob.glob(self.path("clean.*.*.gtrace"))
        self.assertEqual(len(traces), 1)
        self.assertIn(os.path.basename(traces[0]), done.stderr)
        self.assertEqual(os.stat(traces[0]).st_mode & 0o777, 0o600)
        os.remove(traces[0])

    def test_quiet(self):
        self.assertEqual(self.run_program(66, "racy", "-q").stderr, "")

    def test_report_repeats_the_last_run(self):
        first = self.run_program(66, "racy", "-q").stdout
        self.assertEqual(self.expect(1, "report").stdout, first)

    def test_json_beside_the_program_s_own_output(self):
        report = self.path("racy.json")
        done = self.run_program(66, "racy", "--format=json", "--report", report)
        with open(report, encoding="utf-8") as file:
            document = json.load(file)
        self.assertEqual(done.stdout, "")
        self.assertEqual(document["version"], 1)
        self.assertEqual([finding["kind"] for finding in document["findings"]], ["data-race"])
        self.assertRegex(document["findings"][0]["id"], r"^G-[0-9a-f]{8}$")

    def test_color(self):
        self.assertNotIn("\x1b[", self.run_program(66, "racy").stdout)
        self.assertIn("\x1b[", self.run_program(66, "racy", "--color=always").stdout)
        self.assertNotIn("\x1b[", self.run_program(66, "racy", "--color=never").stdout)

    def test_ctrl_c_goes_to_the_program_and_still_reports(self):
        words = [self.tools.gordian, "run", "-q", "-o", self.path("int.gtrace"), "--", self.program("interrupted")]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=self.folder.name, env=self.environment(),
                              start_new_session=True) as running:
            self.assertEqual(running.stdout.readline(), "ready\n")
            os.killpg(running.pid, signal.SIGINT)
            text, _ = running.communicate(timeout=60)
        self.assertEqual(running.returncode, 66)
        self.assertIn("data race", text)

    def test_a_library_without_instrumentation_is_named(self):
        library, main = self.path("libplain.so"), self.path("main_of_plain.cc")
        with open(self.path("plain.cc"), "w", encoding="utf-8") as file:
            file.write("int calls; int twice(int n) { ++calls; return 2 * n; }\n")
        with open(main, "w", encoding="utf-8") as file:
            file.write("int twice(int); int main() { return twice(0); }\n")
        clang = ["clang++-19", "-shared", "-fPIC", self.path("plain.cc"), "-o", library]
        subprocess.run(clang, check=True)
        self.assertEqual(self.tools.compile(main, self.path("uses_plain"), library), "")
        done = self.expect(0, "run", "-q", "-o", self.path("plain.gtrace"), "--", self.path("uses_plain"))
        self.assertIn("not instrumented", done.stdout)
        self.assertIn("libplain.so", done.stdout)
        self.assertEqual(self.tools.compile(self.path("plain.cc"), library, "-shared", "-fPIC"), "")
        done = self.expect(0, "run", "-q", "-o", self.path("plain.gtrace"), "--", self.path("uses_plain"))
        self.assertNotIn("not instrumented", done.stdout)

    def test_every_descendant_has_a_trace(self):
        script = self.path("both.sh")
        with open(script, "w", encoding="utf-8") as file:
            file.write(f"{self.program('racy')}\n{self.program('racy_three')}\n{self.program('clean')}\nexit 0\n")
        done = self.expect(66, "run", "-o", self.path("both.gtrace"), "--", "/bin/sh", script)
        self.assertEqual(done.stderr.count("trace: "), 3)
        self.assertIn("2 findings", done.stdout)


if __name__ == "__main__":
    fixture.main()
