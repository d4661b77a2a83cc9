#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the site table of an object file, one line per entry; the layout is runtime/trace/site_table.h's.

  function NAME linkage FILE:LINE
    site K: read 4 [field] Counter::value at NAME:LINE:COLUMN < inlined at NAME:LINE:COLUMN covered by SITE
    site K: ... doubles
    group K: SITE@OFFSET SITE@OFFSET ...
    call K: CALLEE on OBJECT at ...
  global NAME size 12 element 4 at FILE:LINE
    member NAME offset 4 size 4
The table is found by its magic number and version, so any file that contains it will do.
"""
import os
import struct
import sys

HEADER = struct.Struct("<11I")
DOUBLES = -32768
KINDS = ["read", "write", "atomic_read", "atomic_write"]
NAMES = ["none", "global", "field", "local", "element"]


class Table:
    def __init__(self, data, start):
        header = HEADER.unpack_from(data, start)
        _, _, locations, functions, sites, calls, globals_, members, groups, group_members, pool = header
        at = start + HEADER.size

        def take(layout, count):
            nonlocal at
            record = struct.Struct(layout)
            rows = [record.unpack_from(data, at + i * record.size) for i in range(count)]
            at += record.size * count
            return rows

        self.locations = take("<5I", locations)
        self.functions = take("<8I", functions)
        self.sites = take("<3IBBh", sites)
        self.calls = take("<3I", calls)
        self.globals = take("<6I", globals_)
        self.members = take("<5I", members)
        self.groups = take("<2I", groups)
        self.group_members = take("<Ii", group_members)
        self.pool = data[at : at + pool]
        self.end = at + pool

    def text(self, offset):
        return self.pool[offset : self.pool.index(b"\0", offset)].decode()

    def place(self, index):
        function, _, line, column, inlined_at = self.locations[index]
        here = f"{self.text(function)}:{line}:{column}"
        return here + (f" < {self.place(inlined_at - 1)}" if inlined_at else "")

    def declared(self, index):
        _, file, line, _, _ = self.locations[index]
        return f"{os.path.basename(self.text(file))}:{line}"

    def print(self):
        for linkage, location, first_site, site_count, first_call, call_count, first_group, group_count in self.functions:
            name = self.text(self.locations[location][0])
            print(f"function {name} {self.text(linkage)} {self.declared(location)}")
            for k, (place, label, size, kind, name_kind, covered_by) in enumerate(
                self.sites[first_site : first_site + site_count]
            ):
                by = " doubles" if covered_by == DOUBLES else f" covered by {k + covered_by}" if covered_by else ""
                print(f"  site {k}: {KINDS[kind]} {size} [{NAMES[name_kind]}] {self.text(label)} at {self.place(place)}{by}")
            for k, (first, count) in enumerate(self.groups[first_group : first_group + group_count]):
                members = " ".join(f"{site}@{offset}" for site, offset in self.group_members[first : first + count])
                print(f"  group {site_count + k}: {members}")
            for k, (place, callee, on) in enumerate(self.calls[first_call : first_call + call_count]):
                print(f"  call {k + 1}: {self.text(callee)} on '{self.text(on)}' at {self.place(place)}")
        for label, location, size, element, first, count in self.globals:
            print(f"global {self.text(label)} size {size} element {element} at {self.declared(location)}")
            for name, offset, bytes_, element, inner in self.members[first : first + count]:
                array = f" element {element} inner {inner}" if element else ""
                print(f"  member {self.text(name)} offset {offset} size {bytes_}{array}")


def main():
    with open(sys.argv[1], "rb") as file:
        data = file.read()
    magic = struct.pack("<2I", 0x54495347, 2)
    start = data.find(magic)
    if start < 0:
        sys.exit("no site table")
    while start >= 0:
        table = Table(data, start)
        table.print()
        start = data.find(magic, table.end)


main()
