#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# run_status.py [--runs=N] GORDIAN [--OPTIONS] STATUS PROGRAM [ARGUMENTS]: runs PROGRAM under `gordian run --OPTIONS`, demands
# STATUS and a trace that validates, and prints the text report. The trace stays beside the program. N times, with a form feed
# between the reports.
import itertools
import os
import signal
import subprocess
import sys

SECONDS = 60


def run(words):
    # A group of its own: the program does not end with the command that is killed.
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True) as command:
        try:
            out, error = command.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(command.pid, signal.SIGKILL)
            print(f"still running after {SECONDS} s: {' '.join(words)}", file=sys.stderr)
            sys.exit(1)
    return subprocess.CompletedProcess(words, command.returncode, out, error)


def run_once(arguments):
    gordian, arguments = arguments[0], arguments[1:]
    options = list(itertools.takewhile(lambda word: word.startswith("--"), arguments))
    wanted, program = int(arguments[len(options)]), arguments[len(options) + 1:]
    trace, report = program[0] + ".gtrace", program[0] + ".report.txt"
    done = run([gordian, "run", "-q", "-o", trace, "--report", report, *options, "--", *program])
    if done.returncode != wanted:
        print(f"exit status {done.returncode}, not {wanted}\n{done.stdout}{done.stderr}", file=sys.stderr)
        with open(report, encoding="utf-8") as file:
            print(file.read(), file=sys.stderr)
        return 1
    validated = run([gordian, "trace", "validate", trace])
    if validated.returncode != 0:
        print(validated.stdout + validated.stderr, file=sys.stderr)
        return 1
    with open(report, encoding="utf-8") as file:
        print(file.read())
    return 0


def main(arguments):
    runs = 1
    if arguments[0].startswith("--runs="):
        runs = int(arguments.pop(0).removeprefix("--runs="))
    for number in range(runs):
        if number > 0:
            print("\f", end="")
        if run_once(arguments) != 0:
            print(f"run {number + 1} of {runs}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
