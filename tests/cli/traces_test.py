#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# analyze, graph, explain and trace: answers about a trace, whole, cut, damaged or missing.
import json
import os
import xml.etree.ElementTree

import fixture


class Traces(fixture.CommandTest):
    def damaged(self, name, change):
        """A copy of a trace whose bytes went through `change`."""
        with open(self.trace("racy"), "rb") as file:
            data = bytearray(file.read())
        path = self.path(name)
        with open(path, "wb") as file:
            file.write(change(data))
        return path

    def finding_id(self, name):
        done = self.expect(1, "analyze", "--format=json", self.trace(name))
        return json.loads(done.stdout)["findings"][0]["id"]

    def test_analyze(self):
        self.assertIn("no findings", self.expect(0, "analyze", self.trace("clean")).stdout)
        self.assertIn("data race", self.expect(1, "analyze", self.trace("racy")).stdout)
        self.expect(0, "analyze", "--fail-on=none", self.trace("racy"))

    def test_both_formats_into_files(self):
        self.expect(1, "analyze", "--format=text,json", "-o", self.path("both.txt"), self.trace("racy"))
        self.assertTrue(os.path.exists(self.path("both.txt")))
        self.assertTrue(os.path.exists(self.path("both.json")))

    def test_ids_are_stable(self):
        again = self.path("again.gtrace")
        self.command("record", "-q", "-o", again, "--", self.program("racy"))
        done = self.expect(1, "analyze", "--format=json", again)
        self.assertEqual(json.loads(done.stdout)["findings"][0]["id"], self.finding_id("racy"))

    def test_a_finding_of_two_traces_is_told_once(self):
        done = self.expect(1, "analyze", "--format=json", self.trace("racy"), self.trace("racy"))
        self.assertEqual(len(json.loads(done.stdout)["findings"]), 1)

    def test_unreadable(self):
        missing = self.expect(3, "analyze", self.path("missing.gtrace"))
        self.assertIn("missing.gtrace", missing.stderr)
        self.expect(3, "analyze", self.damaged("magic.gtrace", lambda data: b"nonsense" + data[8:]))
        self.expect(3, "analyze", self.damaged("short.gtrace", lambda data: data[:20]))
        self.expect(3, "trace", "validate", self.damaged("empty.gtrace", lambda data: b""))
        self.expect(3, "explain", self.path("missing.gtrace"), "G-1")
        self.expect(3, "graph", self.path("missing.gtrace"))

    def test_a_cut_trace_is_partial(self):
        with open(self.trace("clean"), "rb") as file:
            data = file.read()
        cut = self.path("cut.gtrace")
        with open(cut, "wb") as file:
            file.write(data[:-10])
        done = self.expect(3, "analyze", cut)
        self.assertIn("cut short", done.stdout)

    def test_explain(self):
        identity = self.finding_id("racy")
        for word in (identity, identity[2:7], "R1"):
            self.assertIn("hits", self.expect(0, "explain", self.trace("racy"), word).stdout)
        self.expect(2, "explain", self.trace("racy"), "G-00000000")

    def test_graph_as_text_and_picture(self):
        trace = self.trace("asleep")
        self.assertIn("D1.1", self.expect(0, "graph", trace).stdout)
        picture = self.path("asleep.svg")
        self.expect(0, "graph", trace, "-o", picture)
        self.assertTrue(xml.etree.ElementTree.parse(picture).getroot().tag.endswith("svg"))
        for extension, magic in ((".png", b"\x89PNG"), (".pdf", b"%PDF"), (".dot", b"digraph")):
            picture = self.path("asleep" + extension)
            self.expect(0, "graph", trace, "-o", picture)
            with open(picture, "rb") as file:
                self.assertTrue(file.read().startswith(magic))
        self.expect(2, "graph", trace, "-o", self.path("asleep.bmp"))
        self.expect(1, "graph", self.trace("clean"))
        self.expect(1, "graph", trace, "--kind=lock-order")
        self.expect(2, "graph", trace, "--finding=L7")

    def test_trace_validate_dump_stats(self):
        trace = self.trace("racy")
        self.expect(0, "trace", "validate", trace)
        self.assertIn("wg-add", self.expect(0, "trace", "stats", trace).stdout)
        dump = self.expect(0, "trace", "dump", trace).stdout
        self.assertIn("wg-wait", dump)
        canonical = self.expect(0, "trace", "dump", "--canonical", trace).stdout
        self.assertNotIn("0x7f", canonical)

    def test_a_packed_trace_says_the_same(self):
        small = self.path("small.gtrace")
        said = self.expect(0, "trace", "pack", self.trace("racy"), "-o", small).stdout
        self.assertEqual(said, f"{small}: {os.path.getsize(small)} bytes, {os.path.getsize(self.trace('racy'))} before\n")
        self.assertLess(os.path.getsize(small), os.path.getsize(self.trace("racy")))
        self.expect(0, "trace", "validate", small)
        self.assertEqual(self.expect(0, "trace", "dump", small).stdout, self.expect(0, "trace", "dump", self.trace("racy")).stdout)

    def test_pack_beside_the_trace_and_never_over_it(self):
        copy = self.damaged("copy.gtrace", lambda data: data)
        self.expect(0, "trace", "pack", copy)
        self.assertTrue(os.path.exists(self.path("copy.packed.gtrace")))
        self.assertIn("is the trace itself", self.expect(2, "trace", "pack", copy, "-o", copy).stderr)
        self.expect(0, "trace", "validate", copy)

    def test_pack_what_is_whole_of_a_cut_trace(self):
        cut = self.damaged("half.gtrace", lambda data: data[:-10])
        self.assertIn("ends inside a chunk", self.expect(3, "trace", "pack", cut).stderr)
        self.assertIn("no end chunk", self.expect(3, "trace", "validate", self.path("half.packed.gtrace")).stderr)
        self.expect(3, "trace", "pack", self.path("missing.gtrace"))
        self.expect(3, "trace", "pack", cut, "-o", "/nonexistent/small.gtrace")

    def test_a_damaged_trace_does_not_validate(self):
        def flip(data):
            data[len(data) // 2] ^= 0xFF
            return data

        self.assertIn(self.command("trace", "validate", self.damaged("flip.gtrace", flip)).returncode, (1, 3))


if __name__ == "__main__":
    fixture.main()
