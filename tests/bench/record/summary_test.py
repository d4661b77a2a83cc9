#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# The arithmetic of the report on made-up sessions whose ratios are known.
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import session
import summary


def result(accesses=1000, records=100, trace_bytes=50, memory=200_000_000, compile_cpu=2.0, **cpu):
    """A kernel that takes a second plain; `cpu` says how often that in the other modes. Wall is half of CPU."""
    modes = {mode: {"cpu": times, "wall": times / 2, "memory": memory * times} for mode, times in {"plain": 1.0, **cpu}.items()}
    builds = {"plain": {"compile_cpu": 1.0, "code_bytes": 100}, "gordian": {"compile_cpu": compile_cpu, "code_bytes": 300}}
    return {"accesses": accesses, "records": records, "trace_bytes": trace_bytes, "modes": modes, "builds": builds}


def target(results, name):
    return next(line for line in summary.targets(results) if line["target"].startswith(name))


class Targets(unittest.TestCase):
    def test_geometric_mean_and_worst(self):
        found = target({"a": result(null=1.0), "b": result(null=4.0)}, "CPU against plain, null")
        self.assertAlmostEqual(found["geometric mean"], 2)
        self.assertEqual((found["worst"], found["of"], found["kernels"]), (4, "b", 2))

    def test_median_per_access(self):
        results = {"a": result(records=10), "b": result(records=200), "c": result(accesses=2000, records=1000)}
        found = target(results, "records per 100")
        self.assertEqual((found["median"], found["worst"], found["of"]), (20, 50, "c"))
        self.assertEqual(target(results, "bytes on disk")["median"], 50)

    def test_worst_on_disk_only_where_threadsanitizer_is_costly(self):
        results = {"cheap": result(tsan=2, disk=20), "costly": result(tsan=4, disk=2)}
        found = target(results, "wall against")
        self.assertEqual((found["worst"], found["of"]), (0.5, "costly"))
        self.assertAlmostEqual(found["geometric mean"], 5 ** 0.5)

    def test_without_threadsanitizer(self):
        found = target({"goroutines": result(null=1, live=3)}, "live, CPU")
        self.assertEqual((found["kernels"], "worst" in found), (0, False))
        self.assertIn("live, CPU against ThreadSanitizer's: not measured", summary.target_lines({"goroutines": result()}))

    def test_memory_of_large_programs_only(self):
        results = {"large": result(live=1.2), "small": result(memory=50_000_000, live=9), "unseen": result(memory=0, live=9)}
        found = target(results, "memory against plain, live")
        self.assertEqual((found["worst"], found["of"]), (1.2, "large"))

    def test_verdicts(self):
        text = summary.target_lines({"a": result(null=1.5, compile_cpu=1.5)})
        self.assertIn("null sink: geometric mean 1.50 (at most 1.3: MISSED); worst 1.50 (at most 2.0: holds), a", text)
        self.assertIn("compile CPU against plain: geometric mean 1.50 (at most 1.6: holds); worst 1.50, a", text)
        self.assertIn("code size against plain: geometric mean 3.00 (at most 2.5: MISSED)", text)

    def test_table(self):
        heads, units, line = summary.table({"long_name": result(tsan=12.34, null=1, disk=234.5)}).splitlines()
        self.assertEqual(line.split()[:7], ["long_name", "1.00", "0.00", "12.3", "1.00", "234", "-"])
        self.assertEqual(heads.index("tsan") + len("tsan"), line.index("12.3") + len("12.3"))
        self.assertEqual(units.split()[0], "kernel")


class Records(unittest.TestCase):
    def test_read_from_stats(self):
        stats = ("3 streams\n\nevents\n  access                  7\n\naccess records\n  access                 12\n  marker                  3\n"
                 "  stack                   2\n\nwaited for\n  range of things 4\n")
        found = session.records_in(stats)
        self.assertEqual(found, {"records": 17, "record_kinds": {"access": 12, "marker": 3, "stack": 2}})


if __name__ == "__main__":
    unittest.main()
