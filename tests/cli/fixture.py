# SPDX-License-Identifier: Apache-2.0
# What the tests of the command share: a folder of their own, the command run in it, programs built on demand and once.
import os
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "support"))
import gordian

HEAD = "#include <gordian/gordian.h>\n#include <chrono>\n#include <csignal>\n#include <cstdio>\n#include <cstdlib>\n#include <unistd.h>\n"
PROGRAMS = {
    "clean": "int main() { std::puts(\"hello\"); }",
    "racy": "int hits; int main() { gordian::WaitGroup w; for (int i = 0; i < 2; ++i) w.go([] { ++hits; }); w.wait(); }",
    "racy_three": "int hits; int main() { gordian::WaitGroup w; for (int i = 0; i < 2; ++i) w.go([] { ++hits; }); w.wait(); return 3; }",
    "asleep": "int main() { gordian::make_chan<int>().recv(); }",
    # More accesses than the ring has room for, faster than anybody compresses them.
    "busy": "int cells[1000]; int main() { for (int i = 0; i < 5000000; ++i) { cells[i % 1000] = i; asm volatile(\"\" ::: \"memory\"); } }",
    "killed": "int main() { std::raise(SIGKILL); }",
    "aborts": "int main() { std::abort(); }",
    "arguments": "int main(int count, char** words) { for (int i = 1; i < count; ++i) std::puts(words[i]); }",
    # Touches its own variable after a Ctrl-C that it survives: the report must still come.
    "interrupted": "volatile std::sig_atomic_t stop = 0; int hits;\n"
                   "int main() { std::signal(SIGINT, [](int) { stop = 1; }); gordian::WaitGroup w;\n"
                   "for (int i = 0; i < 2; ++i) w.go([] { ++hits; }); w.wait(); std::puts(\"ready\"); std::fflush(stdout);\n"
                   "while (!stop) gordian::sleep(std::chrono::milliseconds(5)); return 0; }",
}


class CommandTest(unittest.TestCase):
    tools = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.built = {}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def program(self, name):
        """Path of an instrumented program from PROGRAMS."""
        if name not in self.built:
            source = self.path(name + ".cc")
            with open(source, "w", encoding="utf-8") as file:
                file.write(HEAD + PROGRAMS[name] + "\n")
            self.assertEqual(self.tools.compile(source, self.path(name), "-O1"), "")
            self.built[name] = self.path(name)
        return self.built[name]

    def trace(self, name):
        """Path of a trace of that program."""
        trace = self.path(name + ".gtrace")
        if not os.path.exists(trace):
            self.command("record", "-q", "-o", trace, "--", self.program(name))
        return trace

    def command(self, *words, **environment):
        """`gordian WORDS`, finished."""
        return gordian.run([self.tools.gordian, *words], cwd=self.folder.name, env=self.environment(**environment))

    def environment(self, **more):
        return gordian.environment(self.path("state"), GORDIAN_MAXPROCS="2", **more)

    def expect(self, status, *words, **environment):
        done = self.command(*words, **environment)
        self.assertEqual(done.returncode, status, f"{words}\n{done.stdout}{done.stderr}")
        return done


def main():
    CommandTest.tools = gordian.Tools(sys.argv.pop(1))
    unittest.main()
