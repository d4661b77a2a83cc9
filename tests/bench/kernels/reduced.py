#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# reduced.py BUILD LLVM: each reduction of the pass, built for that LLVM, fires where the kernels are meant to show it. The pass says of a
# module how often each was possible, and at which lines (-mllvm -gordian-stats); the lines are known here by a part of their text. With a
# reduction switched off there is none of it, in the whole module.
import concurrent.futures
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(os.path.dirname(HERE)), "support")]
import kernels
import precompiled

ANYWHERE = None  # objects on the stack have no line

# What each kernel is about, as (reduction, where).
MEANT = {
    # Nested loops over whole rows, real and imaginary parts side by side, in place.
    "fft": (("loop-range", "line[start + k] = even + odd"), ("group", "const Complex odd ="), ("covered-backward", "const Complex even ="),
            ("loop-address", "to[row * side_ + i] = from[i * side_ + row]"), ("private-heap", "const Vector original = points")),
    # Blocks that lie together in memory: whole ones as one range, the rest of a diagonal one as one of two dimensions.
    "lu": (("loop-range", "right.at[i][j] -="), ("climbed-range", "inner.at[i][j] -= factor"), ("loop-address", "right.at[i][j] -="),
           ("matrix-range", "a[i][j] -= a[i][k]"),
           ("covered-forward", "right.at[i][j] -="), ("covered-backward", "below.at[i][k] /="), ("private-heap", "std::vector<double> x(size)")),
    # Slices whose ends nobody can count with in advance: told at the end. Each thread's own table of places.
    "radix_sort": (("exit-range", "++own[digit(from[i], shift)]"), ("exit-range", "to[places[digit(from[i], shift)]++] = from[i]"),
                   ("covered-backward", "++own[digit(from[i], shift)]"), ("memory-range", "own.fill(0)"), ("private-stack", ANYWHERE)),
    # A point and its neighbours, all along a row.
    "grid_solver": (("exit-range", "const double around ="), ("group", "const double around ="), ("covered-backward", "line[column])")),
    # Three coordinates each, recursion that synchronises with nobody, eight children one after the other.
    "barnes_hut": (("group", "const Vec way = cell.mass_centre"), ("quiet-call", "sum = sum + pull(*child, body)"), ("private-argument", ANYWHERE),
                   ("raised-run", "for (const Cell* const child : cell.children)"), ("exit-range", "bodies[i].velocity ="),
                   ("covered-backward", "bodies[i].position ="), ("covered-forward", "moment = moment + child->mass_centre")),
    "molecular_dynamics": (("group", "const Vec apart = position - positions_[other]"), ("exit-range", "velocities_[atom] = velocities_[atom] +"),
                           ("loop-range", "const std::size_t other = order_[i]"), ("covered-backward", "place += first")),
    # Points of 32 numbers; distance() is inlined wherever it is called, so no call is left to be quiet.
    "k_median": (("loop-range", "sum += (a.at[i] - b.at[i])"), ("climbed-range", "sum += (a.at[i] - b.at[i])"),
                 ("group", "goes_[i] = cost < costs_[i]"), ("covered-forward", "if (is_closed_[centre]) {"),
                 ("loop-address", "goes_[i] = cost < costs_[i]"), ("memory-range", "centres_.push_back(candidate)")),
    # Particles of many fields, sums added up in place, locks in between.
    "fluid": (("group", "const double square = (a.x - b.x)"), ("exit-range", "particle.vx += particle.ax.value()"),
              ("covered-backward", "units_ += static_cast<std::int64_t>"), ("covered-forward", "v *= -0.5")),
    # <math.h> all along, which synchronises with nobody: all that a thread does is a quiet call.
    "option_pricing": (("quiet-call", "kernel::in_parallel(threads,"), ("covered-forward", "const double drift ="),
                       ("group", "call - put is not the forward"), ("raised-run", "spot(size), strike(size)")),
    # Searches that end where they find something, moves of text.
    "dedup": (("exit-range", "hash = hash * 2 + gears"), ("exit-range", "input_[candidate + length] == input_[at + length]"),
              ("loop-range", "for (const char c : text)"), ("memory-range", "output += literals"), ("group", "output += literals")),
    "compression": (("exit-range", "input_[candidate + length] == input_[at + length]"), ("memory-range", "output += input.substr"),
                    ("covered-forward", "output.push_back(output[output.size() - distance])")),
    # Probing goes where the keys say, by no fixed step: no ranges.
    "hash_table": (("covered-forward", "return slots_.size() - 1"), ("covered-backward", "used_ += slot.count == 0"),
                   ("group", "for (const Slot& slot : slots_)")),
    # Entries of a node that are moved to make room, between locks.
    "b_tree": (("memory-range", "std::copy_backward(&leaf.keys[place]"), ("covered-forward", "++leaf.count"), ("group", "leaf.keys[place] = key"),
               ("raised-run", "left.count = kMiddle")),
    # Nothing but channels: whatever is accessed between two of them is the library's.
    "prime_sieve": (),
    # Batches, each number changed in place.
    "pipeline": (("loop-range", "number = number * (2 * stage + 3)"), ("covered-backward", "number = number * (2 * stage + 3)")),
    # Tables of words: pointers to follow, and the text that the keys are cut from.
    "worker_pool": (("covered-backward", "found->second += count"), ("group", "jobs.send(text.substr(0, end))")),
}

# What an LLVM leaves nothing to do for, or hides.
NOT_WITH = {
    # The size of a vector that may be empty stays a difference of two integers up to the end: a pointer becomes one, which is a capture.
    ("22", "fft"): ("private-heap",),
    # It knows that functions of <math.h> write errno and nothing else, and has merged the loads around them itself.
    ("22", "option_pricing"): ("covered-forward",),
}

# One kernel for each option that switches reductions off.
OFF = (
    ("heap", "lu", ("private-heap",)),
    ("arguments", "barnes_hut", ("private-argument",)),
    ("covered", "lu", ("covered-forward", "covered-backward")),
    ("loops", "lu", ("loop-range", "climbed-range", "matrix-range", "loop-address")),
    ("loops", "dedup", ("exit-range",)),
    ("groups", "grid_solver", ("group",)),
    ("raise", "barnes_hut", ("raised-run",)),
    ("quiet", "barnes_hut", ("quiet-call",)),
)


class Statistics:
    """What the pass says of one module."""

    def __init__(self, build, name, *options):
        source = kernels.named(name).source
        words = ["-O2", "-I" + kernels.ROOT]
        words = ["-std=c++20", "-g", *words, *precompiled.options(build, source, words), "-mllvm", "-gordian-stats"]
        words += [word for option in options for word in ("-mllvm", option)]
        compiler = os.path.join(build, "bin", "gordian-clang++")
        done = subprocess.run([compiler, *words, "-c", source, "-o", os.devnull], capture_output=True, text=True, check=False)
        self.complaint = "" if done.returncode == 0 else done.stderr
        self.counts = {key: int(number) for key, number in re.findall(r"^gordian: ([\w-]+) (\d+)$", done.stderr, re.MULTILINE)}
        self.places = [(key, set(places.split())) for key, places in re.findall(r"^gordian: ([\w-]+) at (.*)$", done.stderr, re.MULTILINE)]

    def fires_at(self, reduction, lines):
        return any(key == reduction and not places.isdisjoint(lines) for key, places in self.places)


def reductions():
    with open(os.path.join(kernels.ROOT, "instrument", "pass", "counts.def"), encoding="utf-8") as file:
        return re.findall(r'^GORDIAN_COUNT\(\w+, "([\w-]+)"\)', file.read(), re.MULTILINE)


def lines_with(text):
    """As the pass writes them, in the kernels and their headers."""
    for name in sorted(os.listdir(HERE)):
        if name.endswith((".cc", ".h")):
            with open(os.path.join(HERE, name), encoding="utf-8") as file:
                yield from (f"{name}:{number}" for number, line in enumerate(file, 1) if text in line)


def complaints_of(build, llvm, name):
    told = Statistics(build, name)
    if told.complaint:
        yield f"{name}: {told.complaint}"
        return
    for reduction, text in MEANT[name]:
        if reduction in NOT_WITH.get((llvm, name), ()):
            continue
        lines = set() if text is ANYWHERE else set(lines_with(text))
        if text is not ANYWHERE and not lines:
            yield f"{name}: no line has '{text}'"
        elif told.counts.get(reduction, 0) == 0 or (lines and not told.fires_at(reduction, lines)):
            yield f"{name}: no {reduction} where '{text}' stands, {told.counts.get(reduction, 0)} elsewhere"


def complaints_without(build, option, name, gone):
    told = Statistics(build, name, f"-gordian-{option}=false")
    for reduction in gone:
        if told.counts.get(reduction) != 0:
            yield f"{name} with -gordian-{option}=false: {reduction} {told.counts.get(reduction)} times\n{told.complaint}"


def main(build, llvm):
    found = [f"{kernel.name}: what is it about?" for kernel in kernels.KERNELS if kernel.name not in MEANT]
    shown = {reduction for meant in MEANT.values() for reduction, _ in meant}
    found += [f"{reduction}: no kernel is meant to show it" for reduction in reductions() if reduction not in shown]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(lambda name=name: list(complaints_of(build, llvm, name))) for name in MEANT]
        jobs += [pool.submit(lambda case=case: list(complaints_without(build, *case))) for case in OFF]
        found += [complaint for job in jobs for complaint in job.result()]
    print("\n".join(found) if found else "each where it should be")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1]), sys.argv[2]))
