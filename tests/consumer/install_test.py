#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# install_test.py BUILD: installs into a folder, moves it elsewhere, and builds a user's project with what lies there, in both
# ways: find_package with a plain clang, and gordian-clang++ as the compiler, that one with link-time optimisation.
import os
import shutil
import tempfile

import consumer
import gordian


class Install(consumer.ConsumerTest):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.state = os.path.join(cls.folder.name, "state")
        first, cls.prefix = (os.path.join(cls.folder.name, name) for name in ("first", "moved"))
        done = gordian.run(["cmake", "--install", cls.build_tree, "--prefix", first])
        if done.returncode != 0:
            raise RuntimeError(done.stdout + done.stderr)
        shutil.move(first, cls.prefix)
        cls.bin = os.path.join(cls.prefix, "bin")
        cls.wrapper = os.path.join(cls.bin, "gordian-clang++")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def clang(self):
        """The compiler that the installed wrapper becomes."""
        done = gordian.run([self.wrapper, "-###", "-c", os.path.join(consumer.PROJECT, "part.cc")])
        return done.stderr.splitlines()[-1].split('"')[1] + "++"

    def test_package(self):
        folder = self.built(os.path.join(self.folder.name, "with_package"), "-DWITH_PACKAGE=ON", f"-DCMAKE_PREFIX_PATH={self.prefix}",
                            f"-DCMAKE_CXX_COMPILER={self.clang()}")
        self.assert_finds_the_race(self.bin, os.path.join(folder, "app"))
        self.assertEqual(self.run_well(os.path.join(folder, "plain")), "counted 1\n")
        instrumented = [command for command in self.commands(folder) if "-fpass-plugin=" in command]
        self.assertEqual((len(instrumented), len(self.commands(folder))), (2, 4))

    def test_package_with_the_wrapper_instruments_once(self):
        folder = self.project(os.path.join(self.folder.name, "with_both"), "-DWITH_PACKAGE=ON", f"-DCMAKE_PREFIX_PATH={self.prefix}",
                              f"-DCMAKE_CXX_COMPILER={self.wrapper}")
        self.assertEqual([command for command in self.commands(folder) if "-fpass-plugin=" in command], [])

    def test_compiler_and_link_time_optimisation(self):
        folder = self.built(os.path.join(self.folder.name, "with_compiler"), f"-DCMAKE_CXX_COMPILER={self.wrapper}",
                            "-DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON", "-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld")
        self.assertEqual(self.cached(folder, "CMAKE_CXX_COMPILER_AR"), os.path.join(self.bin, "gordian-llvm-ar"))
        self.assertEqual(self.cached(folder, "CMAKE_CXX_COMPILER_RANLIB"), os.path.join(self.bin, "gordian-llvm-ranlib"))
        self.assertTrue(all("-flto" in command for command in self.commands(folder)))
        self.assert_finds_the_race(self.bin, os.path.join(folder, "app"))

    def test_wrong_compiler_is_refused(self):
        done = gordian.run(["cmake", "-S", consumer.PROJECT, "-B", os.path.join(self.folder.name, "with_gcc"), "-DWITH_PACKAGE=ON",
                            f"-DCMAKE_PREFIX_PATH={self.prefix}", "-DCMAKE_CXX_COMPILER=g++"])
        self.assertEqual(done.returncode, 1)
        self.assertIn("gordian_instrument needs clang", done.stderr)

    def test_every_part_is_found_beside_the_others(self):
        # Clang tells its working folder, which for ctest lies in the build tree.
        done = gordian.run([self.wrapper, "-###", "-std=c++20", "-fdebug-compilation-dir=.", "-fcoverage-compilation-dir=.",
                            os.path.join(consumer.PROJECT, "main.cc")])
        self.assertNotIn(self.build_tree, done.stderr)
        self.assertIn(os.path.join(self.prefix, "include"), done.stderr)
        linted = gordian.run([os.path.join(self.bin, "gordian"), "lint", os.path.join(consumer.PROJECT, "main.cc"), "--", "-std=c++20"])
        self.assertEqual(linted.returncode, 0, linted.stderr)
        self.assertTrue(os.path.exists(os.path.join(self.prefix, "share", "doc", "gordian", "samples", "01_counter", "main.cc")))


if __name__ == "__main__":
    consumer.main()
