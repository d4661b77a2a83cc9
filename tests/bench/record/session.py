# SPDX-License-Identifier: Apache-2.0
# One session: every kernel in every mode, in turns, so that whatever else happens on the machine meets all of them alike. A run counts only
# if it ends well, finds nothing, and prints the same checksum as the plain program.
import os
import re
import statistics
import sys

import measure

MODES = ("plain", "tsan", "null", "disk", "live")


class Session:
    def __init__(self, compilers, options):
        self.compilers, self.options = compilers, options
        self.gordian = os.path.join(compilers.build, "bin", "gordian")
        self.trace = os.path.join(compilers.out, "bench.gtrace")
        self.environment = {**os.environ, "GORDIAN_MAXPROCS": "2", "XDG_STATE_HOME": os.path.join(compilers.out, "state")}
        self.checksums = {}
        self.runs = {}  # (kernel, mode): runs
        self.too_long = set()

    def measure(self, kernels):
        """A dictionary per kernel, as it stands in the JSON."""
        results = {}
        for kernel in kernels:
            say(f"building {kernel.name}")
            results[kernel.name] = {"size": self.size(kernel), "builds": self.compilers.costs(kernel, self.options.builds)}
        for repetition in range(self.options.repetitions):
            for kernel in kernels:
                say(f"repetition {repetition + 1}: {kernel.name}")
                for mode in self.modes(kernel):
                    if repetition == 0 or mode != "live" or repetition < self.options.live:
                        self.once(kernel, mode)
        for kernel in kernels:
            say(f"memory and volume: {kernel.name}")
            results[kernel.name]["modes"] = self.summary(kernel)
            results[kernel.name].update(self.volume(kernel))
        return results

    def size(self, kernel):
        return getattr(kernel, self.options.sizes)

    def modes(self, kernel):
        return [mode for mode in MODES if not (kernel.goroutines and mode == "tsan") and (kernel.name, mode) not in self.too_long]

    def words(self, kernel, mode):
        kind = mode if mode in ("plain", "tsan") else "gordian"
        program = [self.compilers.path(kernel, kind), str(self.size(kernel))]
        if mode == "null":
            return [self.gordian, "record", "-q", "--discard", "--", *program]
        if mode == "disk":
            return [self.gordian, "record", "-q", "-o", self.trace, "--", *program]
        if mode == "live":
            return [self.gordian, "run", "-q", "-o", self.trace, "--", *program]
        return program

    def run(self, kernel, words, look_at_memory=False):
        done = measure.run(words, self.options.limit, self.environment, look_at_memory)
        if not done.timed_out:
            self.check(kernel, words, done)
        return done

    def check(self, kernel, words, done):
        found = re.search(r"^checksum (\w+)$", done.output, re.MULTILINE)
        checksum = found[1] if found else None
        wanted = self.checksums.setdefault(kernel.name, checksum)
        if done.status != 0 or checksum is None or checksum != wanted:
            raise SystemExit(f"bench: {' '.join(words)}: status {done.status}, checksum {checksum}, not {wanted}\n"
                             f"{done.output}{done.error}")
        if words[1] == "run" and not ("no findings" in done.output and "nothing lost" in done.output):
            raise SystemExit(f"bench: {' '.join(words)}\n{done.output}{done.error}")

    def once(self, kernel, mode):
        # Live takes so long that looking at its memory does not disturb it, and a run of its own would hurt.
        done = self.run(kernel, self.words(kernel, mode), look_at_memory=mode == "live")
        if done.timed_out and mode in ("plain", "disk"):
            raise SystemExit(f"bench: {kernel.name}, {mode}: not done after {self.options.limit} s, and nothing can be said without it")
        if done.timed_out:
            say(f"{kernel.name}, {mode}: not done after {self.options.limit} s")
            self.too_long.add((kernel.name, mode))
        else:
            self.runs.setdefault((kernel.name, mode), []).append(done)

    def volume(self, kernel):
        """Accesses made, and what the recording that `summary` has left has of them: records, bytes of the file."""
        counted = self.run(kernel, [self.compilers.path(kernel, "counting"), str(self.size(kernel))])
        accesses = int(re.search(r"^accesses (\d+)$", counted.error, re.MULTILINE)[1])
        size = os.path.getsize(self.trace)
        stats = measure.run([self.gordian, "trace", "stats", self.trace], environment=self.environment)
        os.unlink(self.trace)
        return {"accesses": accesses, "trace_bytes": size, **records_in(stats.output)}

    def summary(self, kernel):
        modes = {}
        for mode in self.modes(kernel):
            runs = self.runs[kernel.name, mode]
            if mode != "live":
                runs[0].memory = self.run(kernel, self.words(kernel, mode), look_at_memory=True).memory
            memory = max(run.memory for run in runs)
            modes[mode] = {"cpu": statistics.median(run.cpu for run in runs), "wall": statistics.median(run.wall for run in runs),
                           "runs": len(runs), "memory": memory}
        return modes


def records_in(stats):
    counts = dict(re.findall(r"^  (access|range|strided|matrix|bitmap|stack|marker) +(\d+)$", stats.split("access records")[-1], re.MULTILINE))
    return {"records": sum(int(count) for count in counts.values()), "record_kinds": {kind: int(n) for kind, n in counts.items()}}


def say(line):
    print("bench: " + line, file=sys.stderr, flush=True)
