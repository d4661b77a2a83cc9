# SPDX-License-Identifier: Apache-2.0
# Ratios of one session, and what they come to: per kernel a line, per column with a target the geometric mean or median and the worst.
import math
import statistics
from dataclasses import dataclass
from typing import Callable

LARGE = 100 * 1000 * 1000  # bytes of a plain program: below it, what Gordian itself needs hides the ratio
COSTLY = 4  # how many times the plain CPU ThreadSanitizer must cost for its kernel to count as the worst on disk


def over(result, numerator, denominator, field):
    """A ratio of two modes, None if one of them was not measured (memory: ended before anybody could look)."""
    modes = result["modes"]
    if numerator not in modes or denominator not in modes or modes[denominator][field] == 0:
        return None
    return modes[numerator][field] / modes[denominator][field]


def of_builds(result, field):
    return result["builds"]["gordian"][field] / result["builds"]["plain"][field]


def per_access(result, field, accesses):
    return result[field] * accesses / result["accesses"]


def is_costly(result):
    ratio = over(result, "tsan", "plain", "cpu")
    return ratio is not None and ratio >= COSTLY


def is_large(result):
    return result["modes"]["plain"]["memory"] > LARGE


@dataclass(frozen=True)
class Column:
    heading: tuple
    value: Callable
    name: str = ""  # of its target; none: only for information
    middle: str = "geometric mean"
    targets: tuple = ()  # middle, worst; None: no such target
    counts: Callable = lambda result: True  # for both
    counts_as_worst: Callable = lambda result: True


COLUMNS = (
    Column(("plain", "CPU s"), lambda r: r["modes"]["plain"]["cpu"]),
    Column(("accesses", "million"), lambda r: r["accesses"] / 1e6),
    Column(("tsan", "CPU x"), lambda r: over(r, "tsan", "plain", "cpu")),
    Column(("null", "CPU x"), lambda r: over(r, "null", "plain", "cpu"), "CPU against plain, null sink", targets=(1.3, 2.0)),
    Column(("disk", "CPU x"), lambda r: over(r, "disk", "plain", "cpu")),
    Column(("live", "CPU x"), lambda r: over(r, "live", "plain", "cpu")),
    Column(("disk/tsan", "wall"), lambda r: over(r, "disk", "tsan", "wall"), "wall against ThreadSanitizer's, trace on disk",
           targets=(0.4, 0.9), counts_as_worst=is_costly),
    Column(("live/tsan", "CPU"), lambda r: over(r, "live", "tsan", "cpu"), "live, CPU against ThreadSanitizer's", targets=(0.5, 0.9)),
    Column(("records", "/100 acc"), lambda r: per_access(r, "records", 100), "records per 100 raw accesses", "median", (15, 50)),
    Column(("bytes", "/1000 acc"), lambda r: per_access(r, "trace_bytes", 1000), "bytes on disk per 1000 raw accesses", "median", (100, 1200)),
    Column(("plain", "MB"), lambda r: r["modes"]["plain"]["memory"] / 1e6),
    Column(("tsan", "mem x"), lambda r: over(r, "tsan", "plain", "memory")),
    Column(("disk", "mem x"), lambda r: over(r, "disk", "plain", "memory"), "memory against plain, disk, programs above 100 MB",
           targets=(None, 1.3), counts=is_large),
    Column(("live", "mem x"), lambda r: over(r, "live", "plain", "memory"), "memory against plain, live, programs above 100 MB",
           targets=(None, 1.3), counts=is_large),
    Column(("compile", "CPU x"), lambda r: of_builds(r, "compile_cpu"), "compile CPU against plain", targets=(1.6, None)),
    Column(("code", "size x"), lambda r: of_builds(r, "code_bytes"), "code size against plain", targets=(2.5, None)),
)


def middle_of(values, kind):
    if kind == "median":
        return statistics.median(values)
    return math.exp(statistics.fmean(math.log(value) for value in values))


def targets(results):
    """What the session says about each target, for the JSON and the text."""
    found = []
    for column in COLUMNS:
        if not column.name:
            continue
        values = {name: column.value(result) for name, result in results.items() if column.counts(result)}
        values = {name: value for name, value in values.items() if value is not None}
        line = {"target": column.name, "kernels": len(values)}
        if values and column.targets[0] is not None:
            line.update({column.middle: middle_of(values.values(), column.middle), "at most": column.targets[0]})
        candidates = [name for name in values if column.counts_as_worst(results[name])]
        if candidates:
            worst = max(candidates, key=lambda name: values[name])
            line.update({"worst": values[worst], "of": worst})
            if column.targets[1] is not None:
                line["worst at most"] = column.targets[1]
        found.append(line)
    return found


def number(value):
    if value is None:
        return "-"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(results):
    rows = [["", *(column.heading[0] for column in COLUMNS)], ["kernel", *(column.heading[1] for column in COLUMNS)]]
    rows += [[name, *(number(column.value(result)) for column in COLUMNS)] for name, result in results.items()]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [" ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]).rstrip() for row in rows]
    return "\n".join(lines) + "\n"


def verdict(value, limit):
    return number(value) + ("" if limit is None else f" (at most {limit}: {'holds' if value <= limit else 'MISSED'})")


def target_lines(results):
    lines = []
    for line in targets(results):
        middle = "median" if "median" in line else "geometric mean"
        parts = [f"{middle} {verdict(line[middle], line['at most'])}"] if middle in line else []
        if "worst" in line:
            parts.append(f"worst {verdict(line['worst'], line.get('worst at most'))}, {line['of']}")
        lines.append(f"{line['target']}: {'; '.join(parts) or 'not measured'}")
    return "\n".join(lines) + "\n"
