#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# package_test.py BUILD: the Debian package says what it needs, and its contents, unpacked anywhere, show the demo.
import glob
import os
import tempfile

import consumer
import gordian


class Package(consumer.ConsumerTest):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.state = os.path.join(cls.folder.name, "state")
        done = gordian.run(["cpack", "-G", "DEB", "-B", cls.folder.name], cwd=cls.build_tree)
        packages = glob.glob(os.path.join(cls.folder.name, "*.deb"))
        if done.returncode != 0 or len(packages) != 1:
            raise RuntimeError(f"{packages}\n{done.stdout}{done.stderr}")
        cls.package = packages[0]

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_depends_on_what_it_links_and_what_it_calls(self):
        depends = self.run_well("dpkg-deb", "--field", self.package, "Depends")
        wrapper = gordian.run([os.path.join(self.build_tree, "bin", "gordian-clang++"), "--version"]).stdout
        major = wrapper.split("version ")[1].split(".")[0]
        for name in (f"clang-{major}", f"llvm-{major}", f"libclang-cpp{major}", "libgvc6", "libcgraph6", "libzstd1", "liblz4-1", "libc6"):
            self.assertRegex(depends, rf"(^|[ ,]){name}\b")

    def test_contents_show_the_demo(self):
        root, out = os.path.join(self.folder.name, "root"), os.path.join(self.folder.name, "demo")
        self.run_well("dpkg-deb", "--extract", self.package, root)
        shown = self.run_well(os.path.join(root, "usr", "bin", "gordian"), "demo", "-o", out)
        for kind in ("data race", "lock-order inversion", "deadlock D1 (all-asleep"):
            self.assertIn(kind, shown)
        pictures = glob.glob(os.path.join(out, "*.svg"))
        self.assertEqual(len(pictures), 4)
        for picture in pictures:
            self.assertIn(f"  {picture}\n", shown)
        self.assertNotIn(self.build_tree, shown)


if __name__ == "__main__":
    consumer.main()
