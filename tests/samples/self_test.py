#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# The comparison notices what it should: a wrong line, variable, role, actor, a finding too many or too few.
import copy
import os
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "support")]
import expectation

SOURCE = "int x;\nvoid f() { ++x; }  // [1] writes\nint main() { go(f); }  // [go]\n"
EXPECTED = {"findings": [{
    "kind": "data-race", "certainty": "observed", "object": {"kind": "global", "name": "x"},
    "actors": [{"role": "writes", "at": "[1]", "created": "[go]", "holds": []},
               {"goroutine": 1, "role": "reads", "at": "[1]", "holds": []}],
}]}


def stack(line):
    return [{"function": "lock", "file": "/usr/include/mutex", "line": 9}, {"function": "f", "file": "/x/main.cc", "line": line}]


def report():
    return {"findings": [{
        "kind": "data-race", "subkind": "read-write", "certainty": "observed",
        "object": {"kind": "global", "name": "x", "size": 4},
        "actors": [{"goroutine": 1, "role": "reads", "stack": stack(2), "holds": [], "created": []},
                   {"goroutine": 7, "role": "writes", "stack": stack(2), "holds": [], "created": stack(3)}],
    }]}


class Comparison(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.source = os.path.join(self.folder.name, "main.cc")
        with open(self.source, "w", encoding="utf-8") as file:
            file.write(SOURCE)

    def tearDown(self):
        self.folder.cleanup()

    def differences(self, change=lambda report: None):
        changed = report()
        change(changed)
        return expectation.differences(EXPECTED, changed, self.source)

    def test_equal(self):
        self.assertEqual(self.differences(), [])

    def test_each_difference(self):
        first = lambda report: report["findings"][0]
        self.assertTrue(self.differences(lambda report: first(report)["actors"][1].update(stack=stack(1))))
        self.assertTrue(self.differences(lambda report: first(report)["actors"][1].update(created=stack(1))))
        self.assertTrue(self.differences(lambda report: first(report)["actors"][1].update(role="reads")))
        self.assertTrue(self.differences(lambda report: first(report)["actors"][0].update(goroutine=3)))
        self.assertTrue(self.differences(lambda report: first(report)["actors"].pop()))
        self.assertTrue(self.differences(lambda report: first(report)["object"].update(name="y")))
        self.assertTrue(self.differences(lambda report: first(report).update(kind="deadlock")))
        self.assertTrue(self.differences(lambda report: first(report).update(certainty="potential")))
        self.assertTrue(self.differences(lambda report: report["findings"].clear()))
        self.assertTrue(self.differences(lambda report: report["findings"].append(copy.deepcopy(first(report)))))
        hold = {"object": {"name": "mu"}, "stack": stack(2)}
        self.assertTrue(self.differences(lambda report: first(report)["actors"][0].update(holds=[hold])))


    def test_unfinished(self):
        expected = {**EXPECTED, "unfinished": [{"role": "waits", "at": "[1]", "created": "[go]"}]}
        noted = {"goroutine": 7, "role": "waits", "stack": stack(2), "holds": [], "created": stack(3)}
        complaints = lambda actors: expectation.differences(expected, {**report(), "unfinished": actors}, self.source)
        self.assertEqual(complaints([noted]), [])
        self.assertTrue(complaints([]))
        self.assertTrue(complaints([noted, noted]))
        self.assertTrue(complaints([{**noted, "stack": stack(3)}]))


if __name__ == "__main__":
    unittest.main()
