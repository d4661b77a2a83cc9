# SPDX-License-Identifier: Apache-2.0
# The walls of the house, one way only. SEES says which rooms a room may look at; gordian_room(... DEPENDS ...) in its
# CMakeLists.txt declares which of those it does look at, and its #include lines may name only declared rooms.
# Moving a wall means changing SEES, and saying so in CONTRIBUTING.md.
import os
import re

import tree

RUNTIME_ORDER = ("base", "trace", "abi", "record", "wait", "sched", "sync", "io")


def below(room):
    return {f"runtime/{name}" for name in RUNTIME_ORDER[: RUNTIME_ORDER.index(room)]}


FORMAT = {"runtime/base", "runtime/trace"}
# The reading half of the format: a target of its own in the same folder, that the runtime never pulls in.
READING = FORMAT | {"runtime/trace_decode"}

SEES = {
    "runtime/base": set(),
    "runtime/trace": {"runtime/base"},
    "runtime/trace_decode": FORMAT,
    "runtime/abi": {"runtime/base"},
    "runtime/record": below("record"),
    "runtime/wait": below("wait"),
    "runtime/sched": below("sched"),
    "runtime/sync": below("sync"),
    "runtime/io": below("io"),
    "runtime/hooks": below("wait"),
    "runtime/intercept": below("sched"),
    "runtime/boot": {f"runtime/{name}" for name in (*RUNTIME_ORDER, "hooks", "intercept")},
    "runtime/include": {"runtime/base"},
    "instrument/pass": FORMAT | {"runtime/abi"},
    "instrument/lint": {"runtime/base"},
    "instrument/wrapper": {"runtime/base"},
    "analyzer/graph": {"runtime/base"},
    "analyzer/model": READING,
    "analyzer/finding": READING | {"analyzer/model"},
    "analyzer/ingest": READING | {"analyzer/model", "analyzer/finding"},
    "analyzer/detect": READING | {"analyzer/graph", "analyzer/model", "analyzer/finding", "analyzer/ingest"},
    "analyzer/drawing": READING | {"analyzer/finding"},
    "analyzer/report": READING | {"analyzer/finding"},
    "analyzer/launch": READING,
}
SEES["analyzer/witness"] = SEES["analyzer/detect"] | {"analyzer/detect"}
SEES["analyzer/cli"] = {room for room in SEES if room.startswith("analyzer/")} | READING

# Libraries behind one door: prefix of an include, and where it may stand.
DOORS = (
    (re.compile(r"(llvm|llvm-c|clang|clang-c)/"), re.compile(r"instrument/|analyzer/ingest/symbolize\.cc$|tests/unit/pass/")),
    (re.compile(r"graphviz/|gvc\.h|cgraph\.h"), re.compile(r"analyzer/drawing/|tests/unit/drawing/")),
)

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
ROOM = re.compile(r"gordian_room\(\s*([\w/]+)([^)]*)\)", re.DOTALL)
KEYWORDS = ("SOURCES", "DEPENDS", "LINK")


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def is_at_home(name, path):
    """A room is declared in its own folder; a half of a room (runtime/trace_decode) in the room's."""
    folder = os.path.dirname(path)
    return name == folder or name.startswith(folder + "_")


def reading_headers(paths):
    """Headers of the reading half: those with a .cc of the same name beside them."""
    folder = "runtime/trace/"
    return {path for path in paths if path.startswith(folder) and path.endswith(".h") and path[:-2] + ".cc" in paths}


def declared(root, paths):
    """Room -> set of declared dependencies, from every CMakeLists.txt, and complaints about the declarations."""
    rooms, errors = {}, []
    for path in paths:
        if not path.endswith("CMakeLists.txt"):
            continue
        text = re.sub(r"#[^\n]*", "", tree.read(root, path))
        for match in ROOM.finditer(text):
            name, rest = match.group(1), match.group(2).split()
            depends, keyword = set(), None
            for word in rest:
                keyword = word if word in KEYWORDS else keyword
                if keyword == "DEPENDS" and word not in KEYWORDS:
                    depends.add(word)
            rooms[name] = depends
            if not is_at_home(name, path):
                errors.append(f"{path}:{line_of(text, match.start())}: room {name} is declared outside its folder")
    return rooms, errors


def closure(rooms, name):
    """What a room sees through what it declares; the headers it includes include others."""
    seen, todo = set(), [name]
    while todo:
        for dependency in rooms.get(todo.pop(), ()):
            if dependency not in seen:
                seen.add(dependency)
                todo.append(dependency)
    return seen


def check_declarations(rooms):
    errors = []
    for name, depends in sorted(rooms.items()):
        if name not in SEES:
            errors.append(f"{name}/CMakeLists.txt:1: room {name} is not in the house; give it a wall in tests/house/walls.py")
            continue
        for dependency in sorted(depends - SEES[name]):
            errors.append(f"{name}/CMakeLists.txt:1: {name} declares {dependency}, which it may not see")
    return errors


def check_include(path, target, rooms, reading=frozenset()):
    """The complaint about one #include, or None."""
    if target in reading and re.match(r"runtime/(?!trace/)|instrument/", path):
        return f"includes {target}: the runtime never reads traces"
    for library, door in DOORS:
        if library.match(target) and not door.match(path):
            return f"includes {target}, which only {door.pattern} may"
    room, seen = tree.room_of(path), tree.room_of(target)
    if target.startswith("tests/") and not path.startswith("tests/"):
        return f"includes {target}: the product never sees its tests"
    if room is None or seen is None or room == seen:
        return None
    if seen not in SEES.get(room, set()):
        return f"includes {target}: {room} may not see {seen}"
    if room in rooms and seen not in closure(rooms, room):
        return f"includes {target}, but {room} does not declare {seen}"
    return None


def check(root):
    paths = tree.files(root)
    rooms, errors = declared(root, paths)
    reading = reading_headers(paths)
    errors += check_declarations(rooms)
    for path in paths:
        if not tree.is_cpp(path):
            continue
        text = tree.read(root, path)
        for match in INCLUDE.finditer(text):
            complaint = check_include(path, match.group(2), rooms, reading)
            if complaint:
                errors.append(f"{path}:{line_of(text, match.start())}: {complaint}")
    return errors
