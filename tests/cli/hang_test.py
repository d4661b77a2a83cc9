#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Programs of plain threads that hang: who ends them, --hang-timeout or Ctrl-C, still gets the report, and the status is the
# program's own.
import os
import signal
import subprocess
import time

import fixture
import gordian

FUTEX = "202"
# hung [leaves]: locks a mutex twice; with a word it leaves with 7 when it is interrupted. busy: works longer than the limit.
HUNG = """#include <csignal>
#include <cstdio>
#include <mutex>
#include <unistd.h>
std::mutex mu;
int main(int count, char**) {
  if (count > 1) std::signal(SIGINT, [](int) { _exit(7); });
  mu.lock();
  std::puts("ready");
  std::fflush(stdout);
  mu.lock();
}
"""
BUSY = """#include <chrono>
#include <mutex>
std::mutex mu;
int main() {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(1500);
  const std::lock_guard hold(mu);
  while (std::chrono::steady_clock::now() < end) {}
}
"""


class Hang(fixture.CommandTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, text in (("hung", HUNG), ("busy", BUSY)):
            source = os.path.join(cls.folder.name, name + ".cc")
            with open(source, "w", encoding="utf-8") as file:
                file.write(text)
            complaint = cls.tools.compile(source, os.path.join(cls.folder.name, name), "-O1")
            if complaint:
                raise AssertionError(complaint)

    def until_it_hangs(self, recorder):
        """Returns when the only child of `recorder` waits for its lock."""
        deadline = time.monotonic() + gordian.SECONDS
        while time.monotonic() < deadline:
            with open(f"/proc/{recorder}/task/{recorder}/children", encoding="utf-8") as file:
                child = file.read().strip()
            with open(f"/proc/{child}/syscall", encoding="utf-8") as file:
                if file.read().split()[0] == FUTEX:
                    return
            time.sleep(0.01)
        self.fail("it does not hang")

    def interrupted(self, *words):
        """Status and report of a program that hung until somebody pressed Ctrl-C: the whole group gets the signal."""
        command = [self.tools.gordian, "run", "-q", "-o", self.path("interrupted.gtrace"), "--", self.path("hung"), *words]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=self.folder.name, env=self.environment(),
                              start_new_session=True) as running:
            self.assertEqual(running.stdout.readline(), "ready\n")
            self.until_it_hangs(running.pid)
            os.killpg(running.pid, signal.SIGINT)
            text, _ = running.communicate(timeout=gordian.SECONDS)
        return running.returncode, text

    def assert_named(self, text):
        self.assertRegex(text, r"\] deadlock D1 \(.*observed\): main waits for what it holds itself")
        self.assertIn("hung.cc:11", text)

    def test_the_time_limit_ends_it(self):
        done = self.expect(128 + signal.SIGKILL, "run", "--hang-timeout=1", "-o", self.path("h.gtrace"), "--", self.path("hung"))
        self.assertRegex(done.stderr, r"process \d+ hung and was killed \(--hang-timeout\)")
        self.assert_named(done.stdout)

    def test_who_works_does_not_hang(self):
        done = self.expect(0, "run", "--hang-timeout=0.5", "-o", self.path("b.gtrace"), "--", self.path("busy"))
        self.assertIn("no findings", done.stdout)

    def test_ctrl_c_kills_it(self):
        status, text = self.interrupted()
        self.assertEqual(status, 128 + signal.SIGINT)
        self.assert_named(text)

    def test_ctrl_c_and_it_leaves_in_its_own_way(self):
        status, text = self.interrupted("leaves")
        self.assertEqual(status, 7)
        self.assert_named(text)


if __name__ == "__main__":
    fixture.main()
