#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# How instrumented programs die: Go's words with the user's own lines, the right status, and a trace that knows of it.
import re
import signal
import subprocess

import fixture
import gordian

HANDLER = ("#include <csetjmp>\nstatic sigjmp_buf out; static void caught(int) { siglongjmp(out, 1); }\n"
           "static volatile int* nowhere = nullptr;\n")
PROGRAMS = {
    "overflow": "int deep(int n) { volatile char room[512]; room[0] = n; return n == -1 ? 0 : deep(n + 1) + room[0]; }\n"
                "int main() { gordian::WaitGroup w; w.go([] { std::printf(\"%d\\n\", deep(0)); }); w.wait(); }",
    # Whoever finds no room first: the program, or the recorder at an access, as the start is moved.
    "overflow_anywhere": "int deep(int n, int* last) { int room[28]; room[n % 28] = *last; *last = n; return deep(n + 1, room) + room[5]; }\n"
                         "int main(int, char** arguments) { gordian::WaitGroup w;\n"
                         "w.go([&] { int last = 0; volatile char* gap = static_cast<char*>(__builtin_alloca(16 * std::atoi(arguments[1]))); gap[0] = 0;\n"
                         "std::printf(\"%d\\n\", deep(0, &last)); }); w.wait(); }",
    "overflow_main": "int deep(int n) { volatile char room[512]; room[0] = n; return n == -1 ? 0 : deep(n + 1) + room[0]; }\n"
                     "int main() { std::printf(\"%d\\n\", deep(0)); }",
    "goexit": "int main() { gordian::go([] { gordian::yield(); std::puts(\"went on\"); std::fflush(stdout); }); gordian::goexit(); }",
    "fault": "static volatile int* nowhere = nullptr;\nvoid fall() { *nowhere = 1; }\n"
             "int main() { gordian::WaitGroup w; w.go([] { fall(); }); w.wait(); }",
    "aborts_inside": "int main() { gordian::WaitGroup w; w.go([] { std::abort(); }); w.wait(); }",
    "sent": "int main() { kill(getpid(), SIGSEGV); for (;;) pause(); }",
    "handled": HANDLER + "int main() { std::signal(SIGSEGV, caught); if (sigsetjmp(out, 1) == 0) *nowhere = 1;\n"
               "gordian::WaitGroup w; w.go([] { if (sigsetjmp(out, 1) == 0) *nowhere = 1; }); w.wait(); return 9; }",
    "knot": "void waits(gordian::Chan<int> c) {\n  c.recv();\n}\n"
            "int main() {\n  auto c = gordian::make_chan<int>();\n  gordian::go([=] { waits(c); });\n  gordian::make_chan<int>().recv();\n}",
}


class Death(fixture.CommandTest):
    def run_plain(self, name, **environment):
        return gordian.run([self.program(name)], cwd=self.folder.name, env={**self.environment(), **environment})

    def run_recorded(self, name, status):
        """Runs it recorded; the trace must be whole. Returns the run and the trace as text."""
        trace = self.path(name + ".death.gtrace")
        done = self.expect(status, "record", "-q", "-o", trace, "--", self.program(name))
        self.expect(0, "trace", "validate", trace)
        return done, self.expect(0, "trace", "dump", trace).stdout

    def test_stack_overflow_has_go_s_words_and_the_user_s_lines(self):
        for procs in ("1", "2", "4"):
            done = self.run_plain("overflow", GORDIAN_MAXPROCS=procs)
            self.assertEqual(done.returncode, 2, done.stderr)
            head = r"runtime: goroutine stack exceeds 262144-byte limit\nfatal error: stack overflow\n\ngoroutine \d+ \[running\]:\n"
            self.assertRegex(done.stderr, head + r"deep\(...\)\n\t.*overflow.cc:\d+")
        _, dump = self.run_recorded("overflow", 2)
        self.assertRegex(dump, r"fatal .*stack overflow")
        self.assertRegex(dump, r"exit .*\b2\b")

    def test_wherever_the_stack_ends_it_is_recorded(self):
        trace = self.path("anywhere.gtrace")
        for start in range(1, 41):  # as far as one call's frame goes, and more
            done = self.expect(2, "record", "-q", "-o", trace, "--", self.program("overflow_anywhere"), str(start))
            self.assertIn("fatal error: stack overflow", done.stderr)
            self.expect(0, "trace", "validate", trace)
            self.assertRegex(self.expect(0, "trace", "dump", trace).stdout, r"fatal .*stack overflow", start)

    def test_main_s_stack_overflows_too(self):
        done = self.run_plain("overflow_main")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertRegex(done.stderr, r"fatal error: stack overflow\n\ngoroutine 1 \[running\]:\ndeep")

    def test_other_faults_take_their_course(self):
        for name, number in (("fault", signal.SIGSEGV), ("aborts_inside", signal.SIGABRT), ("sent", signal.SIGSEGV)):
            done = self.run_plain(name)
            self.assertEqual((done.returncode, done.stderr), (-number, ""))

    def test_the_trace_tells_who_died_of_a_signal(self):
        _, dump = self.run_recorded("fault", 128 + signal.SIGSEGV)
        self.assertRegex(dump, r"fatal .*SIGSEGV: segmentation violation")
        _, dump = self.run_recorded("aborts_inside", 128 + signal.SIGABRT)
        self.assertRegex(dump, r"fatal .*SIGABRT: abort")

    def test_the_program_s_own_handler_is_called(self):
        self.assertEqual(self.run_plain("handled").returncode, 9)
        self.run_recorded("handled", 9)

    def test_main_s_goexit(self):
        for procs in ("1", "2", "4"):
            done = self.run_plain("goexit", GORDIAN_MAXPROCS=procs)
            self.assertEqual((done.returncode, done.stdout), (2, "went on\n"))
            self.assertIn("fatal error: no goroutines (main called runtime.Goexit) - deadlock!", done.stderr)
        self.run_recorded("goexit", 2)

    def test_dump_shows_the_user_s_lines(self):
        done = self.run_plain("knot")
        self.assertEqual(done.returncode, 2)
        lines = len(fixture.HEAD.splitlines())
        self.assertRegex(done.stderr, rf"goroutine 1 \[chan receive\]:\nmain\(...\)\n\t\S*knot.cc:{lines + 7}\n\ngoroutine \d+ \[chan receive\]:\n"
                                      rf"waits\(...\)\n\t\S*knot.cc:{lines + 2}\n(.|\n)*"
                                      rf"created by goroutine 1 in main\(...\)\n\t\S*knot.cc:{lines + 6}\n")


if __name__ == "__main__":
    fixture.PROGRAMS = PROGRAMS
    fixture.main()
