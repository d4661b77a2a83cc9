#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# The house checks find what they are for: a small clean house yields nothing, and each seeded violation exactly its line.
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import coverage
import formatting
import layout
import walls

HEAD = "// SPDX-License-Identifier: Apache-2.0\n// What this is.\n"
CLEAN = {
    "CMakeLists.txt": "",
    "runtime/base/CMakeLists.txt": "gordian_room(runtime/base)\n",
    "runtime/base/bits.h": HEAD,
    "runtime/trace/CMakeLists.txt": "gordian_room(runtime/trace DEPENDS runtime/base)\n",
    "runtime/trace/event.h": HEAD + '#include "runtime/base/bits.h"\n',
    "runtime/trace/events.def": HEAD + 'GORDIAN_EVENT(3, Go, "go", 1, U(child))\n',
    "runtime/trace/panics.def": HEAD + 'GORDIAN_PANIC(3, close_of_closed, 0, "double-close", "close of closed channel")\n',
    "runtime/abi/hooks.def": HEAD + "GORDIAN_HOOK(void, gordian_rt_fence, (uint32_t order))\n",
    "instrument/pass/counts.def": HEAD + 'GORDIAN_COUNT(group, "group")  // groups\n',
    "tests/bench/kernels/reduced.py": HEAD.replace("//", "#") + 'MEANT = {"md": ["group"]}\n',
    "instrument/lint/checks.def": HEAD + 'GORDIAN_CHECK(ignored_cancel, "ignored-cancel", warning, "a forgotten cancel")\n',
    "analyzer/finding/findings.def": HEAD + 'GORDIAN_FINDING(DataRace, "data-race", "data race", "R")\n',
    "analyzer/model/CMakeLists.txt": "gordian_room(analyzer/model SOURCES world.cc DEPENDS runtime/trace LINK fmt::fmt)\n",
    "analyzer/model/world.cc": HEAD + '#include <vector>\n\n#include "runtime/trace/event.h"\n',
    "tests/unit/model/world_test.cc": HEAD + "Go gordian_rt_fence double-close\n",
    "tests/lint/ignored_cancel/found.cc": HEAD + "// CHECK: warning: never used [gordian-ignored-cancel]\n",
    "samples/01_counter/expected.json": '{"kind": "data-race"}\n',
}


class House:
    """A temporary tree: the clean house, with some files replaced."""

    def __init__(self, changes=None):
        self.files = {**CLEAN, **(changes or {})}

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        for path, text in self.files.items():
            if text is None:
                continue
            absolute = os.path.join(self.folder.name, path)
            os.makedirs(os.path.dirname(absolute), exist_ok=True)
            with open(absolute, "w", encoding="utf-8") as file:
                file.write(text)
        return self.folder.name

    def __exit__(self, *_):
        self.folder.cleanup()


class Walls(unittest.TestCase):
    def complaints(self, changes):
        with House(changes) as root:
            return walls.check(root)

    def test_clean_house(self):
        self.assertEqual(self.complaints({}), [])

    def test_include_upwards(self):
        found = self.complaints({"runtime/base/bits.h": HEAD + '#include "runtime/trace/event.h"\n'})
        self.assertEqual(found, ["runtime/base/bits.h:3: includes runtime/trace/event.h: runtime/base may not see runtime/trace"])

    def test_analyzer_includes_the_recorder(self):
        found = self.complaints({"analyzer/model/world.cc": HEAD + '#include "runtime/record/recorder.h"\n'})
        self.assertEqual(len(found), 1)
        self.assertIn("analyzer/model may not see runtime/record", found[0])

    def test_include_of_an_undeclared_room(self):
        found = self.complaints({"analyzer/model/CMakeLists.txt": "gordian_room(analyzer/model SOURCES world.cc)\n"})
        self.assertEqual(len(found), 1)
        self.assertIn("does not declare runtime/trace", found[0])

    def test_forbidden_declaration(self):
        found = self.complaints({"runtime/base/CMakeLists.txt": "gordian_room(runtime/base DEPENDS runtime/trace)\n"})
        self.assertEqual(found, ["runtime/base/CMakeLists.txt:1: runtime/base declares runtime/trace, which it may not see"])

    def test_unknown_room(self):
        found = self.complaints({"analyzer/magic/CMakeLists.txt": "gordian_room(analyzer/magic)\n"})
        self.assertEqual(len(found), 1)
        self.assertIn("not in the house", found[0])

    def test_runtime_reads_a_trace(self):
        found = self.complaints({
            "runtime/trace/decode.h": HEAD,
            "runtime/trace/decode.cc": HEAD + '#include "runtime/trace/decode.h"\n',
            "runtime/record/CMakeLists.txt": "gordian_room(runtime/record DEPENDS runtime/trace)\n",
            "runtime/record/ring.cc": HEAD + '#include "runtime/trace/decode.h"\n',
        })
        self.assertEqual(found, ["runtime/record/ring.cc:3: includes runtime/trace/decode.h: the runtime never reads traces"])

    def test_half_of_a_room(self):
        declarations = CLEAN["runtime/trace/CMakeLists.txt"] + "gordian_room(runtime/trace_decode DEPENDS runtime/trace)\n"
        self.assertEqual(self.complaints({"runtime/trace/CMakeLists.txt": declarations}), [])

    def test_doors(self):
        found = self.complaints({"analyzer/model/world.cc": HEAD + "#include <llvm/IR/Module.h>\n#include <graphviz/gvc.h>\n"})
        self.assertEqual(len(found), 2)

    def test_product_includes_tests(self):
        found = self.complaints({"analyzer/model/world.cc": HEAD + '#include "tests/support/step.h"\n'})
        self.assertEqual(len(found), 1)


class Layout(unittest.TestCase):
    def complaints(self, changes):
        with House(changes) as root:
            return layout.check(root)

    def one(self, path, text, words):
        found = self.complaints({path: text})
        self.assertEqual(len(found), 1, found)
        self.assertIn(words, found[0])

    def test_clean_house(self):
        self.assertEqual(self.complaints({}), [])

    def test_each_violation(self):
        self.one("tools/run.md", "", "top level")
        self.one("runtime/base/bits.h", "// What this is.\n// More.\n", "no licence line")
        self.one("runtime/base/bits.h", HEAD.splitlines()[0] + "\n#pragma once\n", "no opening comment")
        self.one("runtime/base/bits.h", HEAD + "// TO" "DO: later\n", "unfinished")
        self.one("runtime/base/bits.h", HEAD + "// see /ho" "me/ann/notes\n", "machine")
        self.one("runtime/base/bits.h", HEAD + "\n" * 400, "two ideas")
        self.one("analyzer/model/world.cc", HEAD + "x.load(std::memory_order_relaxed);\n", "memory_order_")
        self.one("analyzer/model/world.cc", HEAD + "#if LLVM_VERSION" "_MAJOR\n", "LLVM_VERSION")
        self.one("scripts/demo", "#!/usr/bin/env bash\nset -e\n", "no licence line")

    def test_a_header_tells_the_idea_of_its_cc(self):
        bare = HEAD.splitlines()[0] + '\n#include "runtime/base/bits.h"\n'
        self.assertEqual(self.complaints({"runtime/base/bits.cc": bare}), [])
        self.one("runtime/base/other.cc", bare, "no opening comment")

    def test_places_where_words_belong(self):
        atomic = HEAD + "x.load(std::memory_order_relaxed);\n"
        self.assertEqual(self.complaints({"runtime/record/ring.cc": atomic, "tests/unit/a_test.cc": atomic}), [])


class Coverage(unittest.TestCase):
    def complaints(self, changes):
        with House(changes) as root:
            return coverage.check(root)

    def test_clean_house(self):
        self.assertEqual(self.complaints({}), [])

    def test_each_list(self):
        self.assertEqual(len(self.complaints({"tests/unit/model/world_test.cc": HEAD})), 3)
        found = self.complaints({"samples/01_counter/expected.json": "{}"})
        self.assertEqual(found, ["analyzer/finding/findings.def:1: DataRace has no case in tests/detect/ or samples/"])

    def test_unreadable_list(self):
        found = self.complaints({"runtime/trace/events.def": HEAD})
        self.assertEqual(len(found), 1)
        self.assertIn("needs a new pattern", found[0])


class Formatting(unittest.TestCase):
    def test_formatted_and_not(self):
        with House({".clang-format": "BasedOnStyle: Google\n"}) as root:
            self.assertEqual([line for line in formatting.check(root) if "world_test" not in line], [])
        with House({".clang-format": "BasedOnStyle: Google\n", "runtime/base/bits.h": HEAD + "int   x;\n"}) as root:
            self.assertIn("runtime/base/bits.h:1: not formatted; run clang-format-19 -i on it", formatting.check(root))


if __name__ == "__main__":
    unittest.main()
