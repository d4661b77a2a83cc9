# SPDX-License-Identifier: Apache-2.0
# What a sample must yield, and what a report says, in one common shape, so that they can be compared exactly: every finding
# of the report must be expected and every expected one reported. Marks like `[1]` in expected.json stand for the line of
# the source that carries them. `unfinished`, if it is expected at all, names the goroutines that the report notes at the end.
import re

import gordian


def marks(source):
    """Mark -> line: `// [1] waits here` marks its line."""
    found = {}
    with open(source, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            match = re.search(r"//\s*(\[\w+\])", line)
            if match:
                found[match.group(1)] = number
    return found


def line(mark, lines):
    return None if mark is None else lines[mark]


def expected_actor(actor, lines):
    shape = {
        "role": actor["role"],
        "line": line(actor["at"], lines),
        "created": line(actor.get("created"), lines),
        "is_main": actor.get("goroutine") == 1,
        "holds": sorted((hold["name"], line(hold["at"], lines)) for hold in actor.get("holds", [])),
    }
    if "function" in actor:
        shape["function"] = actor["function"]
    if "objects" in actor:
        shape["objects"] = sorted(actor["objects"])
    return shape


def reported_actor(actor, source):
    """The same shape, with everything that an expectation may name."""
    at = gordian.user_frame(actor["stack"], source) or {}
    created = gordian.user_frame(actor.get("created"), source)
    holds = [(hold["object"]["name"], (gordian.user_frame(hold["stack"], source) or {}).get("line")) for hold in actor["holds"]]
    return {
        "role": actor["role"],
        "line": at.get("line"),
        "created": created and created["line"],
        "is_main": actor.get("goroutine") == 1,  # a thread has none
        "holds": sorted(holds, key=str),
        "function": at.get("function"),
        "objects": sorted(thing["name"] for thing in actor.get("objects", [])),
    }


def in_order(actors):
    return sorted(actors, key=lambda actor: (not actor["is_main"], actor["line"] or 0, actor["created"] or 0, actor["role"]))


def only(shape, wanted):
    """The shape without what the expectation does not name."""
    return {key: value for key, value in shape.items() if key in wanted}


def expected_finding(finding, lines):
    shape = {key: finding[key] for key in ("kind", "subkind", "certainty") if key in finding}
    if "object" in finding:
        shape["object"] = finding["object"]
    shape["actors"] = in_order([expected_actor(actor, lines) for actor in finding["actors"]])
    return shape


def reported_finding(finding, source, wanted):
    shape = {key: finding.get(key) for key in ("kind", "subkind", "certainty") if key in wanted}
    if "object" in wanted:
        shape["object"] = {key: finding["object"].get(key) for key in wanted["object"]}
    actors = in_order([reported_actor(actor, source) for actor in finding["actors"]])
    wanted_actors = wanted.get("actors", [])
    shape["actors"] = [only(actor, want) for actor, want in zip(actors, wanted_actors)] + actors[len(wanted_actors):]
    return shape


def unfinished_differences(expected, report, source):
    wanted = in_order([expected_actor(actor, marks(source)) for actor in expected])
    got = in_order([reported_actor(actor, source) for actor in report["unfinished"]])
    got = [only(actor, want) for actor, want in zip(got, wanted)] + got[len(wanted):]
    return [] if got == wanted else [f"unfinished:\n  expected {wanted}\n  reported {got}"]


def differences(expected, report, source):
    """One line per difference between expected.json and the JSON report; empty = exactly as expected."""
    lines = marks(source)
    wanted = [expected_finding(finding, lines) for finding in expected.get("findings", [])]
    complaints = unfinished_differences(expected["unfinished"], report, source) if "unfinished" in expected else []
    if len(wanted) != len(report["findings"]):
        complaints.append(f"{len(report['findings'])} findings, {len(wanted)} expected")
    for i, finding in enumerate(report["findings"]):
        want = wanted[i] if i < len(wanted) else {}
        got = reported_finding(finding, source, want)
        if got != want:
            complaints.append(f"finding {i + 1}:\n  expected {want}\n  reported {got}")
    return complaints
