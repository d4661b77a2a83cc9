# SPDX-License-Identifier: Apache-2.0
# One list, many users: each entry of the lists that several parts expand must be named by a test. Looks for the words, so it
# proves that somebody thought of the case, not that the case is good. What has no case yet is exempt by name, with the reason.
import re

import tree

# list, pattern of an entry, what a test must contain (from the entry's groups), where
LISTS = (
    ("runtime/trace/events.def", r'^GORDIAN_EVENT\(\d+, (\w+), "([\w-]+)"', r"\b(?:trace::)?{0}\b|^\s*(?:\S+ )*{1}\b", ("tests/",)),
    ("runtime/abi/hooks.def", r"^GORDIAN_HOOK\([\w*]+, (\w+),", r"\b{0}\b", ("tests/",)),
    ("analyzer/finding/findings.def", r'^GORDIAN_FINDING\((\w+), "([\w-]+)", "([^"]+)"', r"{1}|{2}", ("tests/detect/", "samples/")),
    ("instrument/pass/counts.def", r'^GORDIAN_COUNT\((\w+), "([\w-]+)"', r'"{1}"|\b{0}\b', ("tests/bench/kernels/",)),
    ("instrument/lint/checks.def", r'^GORDIAN_CHECK\((\w+), "([\w-]+)"', r"\[gordian-{1}\]", ("tests/lint/",)),
    ("runtime/trace/panics.def", r'^GORDIAN_PANIC\(\d+, (\w+), \d, "([\w-]+)"', r"{1}", ("tests/",)),
)
EXEMPT = {
    "wait_group_misuse": "needs an add inside the instant between a waiter's check and its wait: only by luck",
    "wait_group_reused": "needs an add inside the instant between a waiter's wake-up and its return: only by luck",
}


def entries(text, pattern):
    return [match.groups() for match in re.finditer(pattern, text, re.MULTILINE)]


def has_case(groups, wanted, texts):
    pattern = re.compile(wanted.format(*(re.escape(group) for group in groups)), re.MULTILINE)
    return any(pattern.search(text) for text in texts)


def check(root):
    errors = []
    paths = [path for path in tree.files(root) if path.startswith(("tests/", "samples/"))]
    texts = {path: tree.read(root, path) for path in paths if not path.startswith("tests/house/")}
    for source, entry_pattern, wanted, folders in LISTS:
        found = entries(tree.read(root, source), entry_pattern)
        if not found:
            errors.append(f"{source}:1: no entry is recognised; the coverage test needs a new pattern")
        candidates = [text for path, text in texts.items() if path.startswith(folders)]
        for groups in found:
            if groups[0] in EXEMPT:
                continue
            if not has_case(groups, wanted, candidates):
                errors.append(f"{source}:1: {groups[0]} has no case in {' or '.join(folders)}")
    return errors
