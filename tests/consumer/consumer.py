# SPDX-License-Identifier: Apache-2.0
# What the tests of an installed Gordian share: commands that must succeed, the project beside this file configured and built
# in a folder of its own, and what its program yields under the installed `gordian run`.
import json
import os
import re
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "support"))
import gordian

PROJECT = os.path.join(HERE, "project")


class ConsumerTest(unittest.TestCase):
    build_tree = None

    def run_well(self, *words, **environment):
        done = gordian.run(list(words), env=gordian.environment(self.state, **environment))
        self.assertEqual(done.returncode, 0, f"{' '.join(words)}\n{done.stdout}{done.stderr}")
        return done.stdout

    def cached(self, folder, name):
        """The value of a variable in the project's CMake cache."""
        with open(os.path.join(folder, "CMakeCache.txt"), encoding="utf-8") as file:
            return re.search(rf"^{re.escape(name)}:\w+=(.*)$", file.read(), re.MULTILINE).group(1)

    def commands(self, folder):
        """The command lines that compile the project's files."""
        with open(os.path.join(folder, "compile_commands.json"), encoding="utf-8") as file:
            return [entry["command"] for entry in json.load(file)]

    def project(self, folder, *options):
        self.run_well("cmake", "-S", PROJECT, "-B", folder, "-G", "Ninja", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", *options)
        return folder

    def built(self, folder, *options):
        self.project(folder, *options)
        self.run_well("cmake", "--build", folder)
        return folder

    def assert_finds_the_race(self, bin_, program):
        done = gordian.run([os.path.join(bin_, "gordian"), "run", "-q", "-o", program + ".gtrace", "--format=json", "--report",
                            program + ".json", "--", program], env=gordian.environment(self.state))
        self.assertEqual(done.returncode, 66, done.stdout + done.stderr)
        self.assertEqual(done.stdout, "counted 1\n")
        (finding,) = gordian.load(program + ".json")["findings"]
        self.assertEqual((finding["kind"], finding["object"]["name"]), ("data-race", "counted"))


def main():
    ConsumerTest.build_tree = os.path.abspath(sys.argv.pop(1))
    unittest.main()
