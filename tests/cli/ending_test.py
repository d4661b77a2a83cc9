#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# However a program ends and whatever it takes away from its recorder: it says and returns what it says and returns
# unrecorded, what it did is in the trace, and what could not be written is counted and told.
import os
import re
import resource
import shutil

import fixture
import gordian

LOCKS = 100
LONG = 600000  # locks, a lock and an unlock each; three bytes an event, compressed
DISK = 128 * 1024
EVENTS_ON_DISK = 100000  # at most
FILE = 2 * 1024 * 1024  # the ring needs as much
EVENTS_IN_FILE = 1000000


class Ending(fixture.CommandTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.endings = os.path.join(cls.folder.name, "endings")
        source = os.path.join(fixture.HERE, "ending_program.cc")
        complaint = cls.tools.compile(source, cls.endings, "-O1", "-pthread")
        if complaint:
            raise AssertionError(complaint)

    def plain(self, case, **options):
        done = gordian.run([self.endings, case], cwd=self.folder.name, env=self.environment(), **options)
        status = done.returncode if done.returncode >= 0 else 128 - done.returncode
        return status, done.stdout, done.stderr

    def recorded(self, case, trace, prefix=(), **options):
        words = [*prefix, self.tools.gordian, "record", "-q", "-o", trace, "--", self.endings, case]
        return gordian.run(words, cwd=self.folder.name, env=self.environment(), **options)

    def locks_in(self, trace):
        dump = self.expect(0, "trace", "dump", trace).stdout
        return len(re.findall(r"^ *lock ", dump, re.MULTILINE))

    def test_every_case(self):
        for case in gordian.run([self.endings, "list"]).stdout.split():
            if case == "long_work":
                continue
            with self.subTest(case):
                trace = self.path(case + ".gtrace")
                done = self.recorded(case, trace)
                self.assertEqual((done.returncode, done.stdout, done.stderr), self.plain(case))
                self.expect(0, "trace", "validate", trace)
                self.assertEqual(self.locks_in(trace), LOCKS)

    def test_limits_from_the_start(self):
        """Of the shell: they hold for gordian too, and for the ring."""
        limits = [("NOFILE", 16), ("FSIZE", 64 * 1024), ("FSIZE", 2 * 1024 * 1024)]
        with open(self.tools.gordian, "rb") as binary:
            code = binary.read()  # a sanitizer's shadow needs terabytes of addresses for gordian itself
            if b"__asan_init" not in code and b"__tsan_init" not in code:
                limits.append(("AS", 768 << 20))
        for name, limit in limits:
            with self.subTest(f"{name} {limit}"):
                trace = self.path(f"{name}.{limit}.gtrace")
                of = getattr(resource, "RLIMIT_" + name)
                limited = {"preexec_fn": lambda: resource.setrlimit(of, (limit, limit))}
                done = self.recorded("go_on", trace, **limited)
                self.assertEqual((done.returncode, done.stdout), self.plain("go_on", **limited)[:2], done.stderr)
                if os.path.exists(trace) and os.path.getsize(trace) != 0:
                    self.expect(0, "trace", "validate", trace)
                    self.assertEqual(self.locks_in(trace), LOCKS)
                else:
                    self.assertIn("not record", done.stderr)

    def assert_loss_is_told(self, done, trace, fitting):
        status, out, _ = self.plain("long_work")
        self.assertEqual((done.returncode, done.stdout), (status, out), done.stderr)
        self.assertIn("is incomplete", done.stderr)
        self.assertRegex(done.stderr, r"process \d+: lost \d+ events and \d+ words")
        analysed = self.command("analyze", trace)
        self.assertIn(analysed.returncode, (0, 3), analysed.stdout + analysed.stderr)
        lost = re.search(r"warning: ([\d,]+) events lost while recording", analysed.stdout)
        if "cut short" not in analysed.stdout:
            self.assertGreater(int(lost.group(1).replace(",", "")), 2 * LONG - fitting, analysed.stdout)

    def test_a_full_disk(self):
        """A small file system where that may be mounted, else a limit of the file's size."""
        disk = self.path("disk")
        os.mkdir(disk)
        kept = self.path("kept.gtrace")
        trace = os.path.join(disk, "full.gtrace")
        mount = f'mount -t tmpfs -o size={DISK} none "{disk}" && touch "{disk}/ok" && "$@"; status=$?; cp "{trace}" "{kept}"; exit $status'
        words = ["unshare", "--mount", *([] if os.getuid() == 0 else ["--map-root-user"]), "sh", "-c", mount, "sh"]
        allowed = shutil.which("unshare") and gordian.run([*words[:-2], f'mount -t tmpfs none "{disk}"']).returncode == 0
        if allowed:
            done = self.recorded("long_work", trace, prefix=words)
        else:
            kept = trace
            limit = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (FILE, FILE))}
            done = self.recorded("long_work", trace, **limit)
        self.assert_loss_is_told(done, kept, EVENTS_ON_DISK if allowed else EVENTS_IN_FILE)

    def test_a_folder_that_cannot_be_written(self):
        folder = self.path("missing/folder")
        done = self.recorded("go_on", os.path.join(folder, "x.gtrace"))
        self.assertEqual((done.returncode, done.stdout), self.plain("go_on")[:2])
        self.assertIn("not recorded", done.stderr)
        self.assertIn("cannot be created", done.stderr)
        if os.getuid() != 0:  # who may write everywhere cannot see this
            folder = self.path("locked")
            os.mkdir(folder, 0o500)
            self.assertIn("Permission denied", self.recorded("go_on", os.path.join(folder, "x.gtrace")).stderr)


if __name__ == "__main__":
    fixture.main()
