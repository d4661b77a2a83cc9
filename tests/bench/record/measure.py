# SPDX-License-Identifier: Apache-2.0
# One run of a program, with everything that it starts: CPU (user and system of all processes), wall, output. Memory is measured in runs of
# its own, because looking costs time: the sum over all processes of what each has resident, shared pages divided by their users.
import os
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass

LOOK_SECONDS = 0.005


@dataclass
class Run:
    status: int
    cpu: float
    wall: float
    output: str
    error: str
    memory: int = 0  # bytes, if asked for
    timed_out: bool = False


def run(words, limit=None, environment=None, look_at_memory=False):
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as error:
        begin = time.monotonic()
        process = subprocess.Popen(words, stdout=output, stderr=error, env=environment, start_new_session=True)
        watch = Watch(process.pid, limit)
        peak = watch.peak_memory() if look_at_memory else 0
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
        watch.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        return Run(process.returncode, usage.ru_utime + usage.ru_stime, wall, text_of(output), text_of(error), peak, watch.fired)


class Watch:
    """Ends a run that takes longer than its limit, by its own process group."""

    def __init__(self, pid, limit):
        self.pid, self.fired = pid, False
        self.timer = threading.Timer(limit, self.fire) if limit else None
        if self.timer:
            self.timer.start()

    def fire(self):
        self.fired = True
        os.killpg(self.pid, 9)

    def cancel(self):
        if self.timer:
            self.timer.cancel()

    def peak_memory(self):
        peak = 0
        while os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            peak = max(peak, sum(resident(pid) for pid in family(self.pid)))
            time.sleep(LOOK_SECONDS)
        return peak


def family(pid):
    """A process and all that descend from it."""
    found = [pid]
    for one in found:
        try:
            for task in os.listdir(f"/proc/{one}/task"):
                with open(f"/proc/{one}/task/{task}/children", encoding="ascii") as file:
                    found += [int(child) for child in file.read().split()]
        except OSError:
            pass  # it has ended meanwhile
    return found


def resident(pid):
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return 0


def text_of(file):
    file.seek(0)
    return file.read().decode("utf-8", "replace")
