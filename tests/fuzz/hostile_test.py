#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# A recorded trace, damaged in 1,000 ways and analysed each time; then a few of them through the command, whose status says
# what it is worth.
import os
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "support"))
import gordian

TIMES = 1000
# One allocation beyond this is a number that the reader believed.
SANITIZER = {"ASAN_OPTIONS": "max_allocation_size_mb=512:allocator_may_return_null=0:detect_leaks=0",
             "TSAN_OPTIONS": "max_allocation_size_mb=512:allocator_may_return_null=0"}


class Hostile(unittest.TestCase):
    tools = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        program = os.path.join(cls.folder.name, "subject")
        complaint = cls.tools.compile(os.path.join(HERE, "subject.cc"), program, "-O1", "-pthread")
        if complaint:
            raise AssertionError(complaint)
        cls.trace = os.path.join(cls.folder.name, "subject.gtrace")
        cls.command("record", "-q", "-o", cls.trace, "--", program)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def command(cls, *words):
        environment = gordian.environment(os.path.join(cls.folder.name, "state"), GORDIAN_MAXPROCS="2")
        return gordian.run([cls.tools.gordian, *words], cwd=cls.folder.name, env=environment)

    def damage(self, program):
        options = {name: ":".join(filter(None, (os.environ.get(name), ours))) for name, ours in SANITIZER.items()}
        done = gordian.run([os.path.join(self.tools.build, "bin", program), self.trace, str(TIMES)],
                           env={**os.environ, **options})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr[-4000:])

    def test_a_thousand_times_damaged(self):
        self.damage("hostile")

    def test_a_thousand_times_read(self):
        self.damage("hostile_reader")

    def test_the_status_of_a_damaged_trace(self):
        with open(self.trace, "rb") as file:
            good = file.read()
        whole = self.command("analyze", self.trace)
        self.assertEqual(whole.returncode, 1, whole.stdout + whole.stderr)
        bad = os.path.join(self.folder.name, "bad.gtrace")
        for size in [0, 1, 40, 100, len(good) // 3, len(good) // 2, len(good) - 1]:
            with open(bad, "wb") as file:
                file.write(good[:size])
            done = self.command("analyze", bad)
            self.assertIn(done.returncode, (1, 3), f"{size} bytes: {done.stdout}{done.stderr}")
            says = "cut short" in done.stdout or "bad.gtrace" in done.stderr
            self.assertTrue(says, f"{size} bytes: {done.stdout}{done.stderr}")


if __name__ == "__main__":
    Hostile.tools = gordian.Tools(sys.argv.pop(1))
    unittest.main()
