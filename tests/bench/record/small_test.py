#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# small_test.py BUILD: a whole session with small sizes. What it measures means nothing and is not looked at; what it counts is.
import json
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT, BUILD = os.path.dirname(os.path.dirname(os.path.dirname(HERE))), None


class Small(unittest.TestCase):
    def test_session(self):
        with tempfile.TemporaryDirectory() as folder:
            words = [sys.executable, os.path.join(HERE, "record.py"), ROOT, BUILD, "--sizes=small", "-n", "1", "--only", "fft,prime_sieve", "-o", folder]
            done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            with open(os.path.join(folder, "record.json"), encoding="utf-8") as file:
                kernels = json.load(file)["kernels"]
            with open(os.path.join(folder, "record.txt"), encoding="utf-8") as file:
                self.assertEqual(file.read(), done.stdout)
            self.assertFalse([name for name in os.listdir(folder) if name.endswith(".gtrace")])
            self.assertTrue(os.path.exists(os.path.join(folder, "record.svg")) != ("gnuplot is not installed" in done.stderr))
        fft, sieve = kernels["fft"], kernels["prime_sieve"]
        self.assertEqual(set(fft["modes"]), {"plain", "tsan", "null", "disk", "live"})
        self.assertEqual(set(sieve["modes"]), {"plain", "null", "disk", "live"})
        # 32 x 32 points, transformed twice in five passes that read and write each of them at least once.
        self.assertGreater(fft["accesses"], 2 * 5 * 32 * 32 * 2)
        self.assertGreater(fft["records"], 0)
        self.assertGreater(fft["trace_bytes"], 0)
        self.assertGreater(fft["builds"]["gordian"]["code_bytes"], fft["builds"]["plain"]["code_bytes"])


if __name__ == "__main__":
    BUILD = sys.argv.pop(1)
    unittest.main()
