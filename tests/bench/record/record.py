#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# record.py ROOT BUILD [OPTIONS]: what scripts/bench record does once everything is built.
import argparse
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "kernels")]
import builds
import kernels
import plot
import session
import summary


def options_of(words):
    parser = argparse.ArgumentParser(prog="scripts/bench record", description=(
        "What recording costs: each kernel of tests/bench/kernels plain, with ThreadSanitizer, and with Gordian to a null sink, to disk "
        "and live (gordian run), in turns. Prints ratios and what they come to; writes record.txt, record.json and record.svg."))
    parser.add_argument("-n", "--repetitions", type=int, default=5, metavar="N", help="of each mode; medians count (default: 5)")
    parser.add_argument("--live", type=int, default=None, metavar="N", help="repetitions of the live mode (default: as the others)")
    parser.add_argument("--builds", type=int, default=None, metavar="N", help="repetitions of compiling (default: as the others)")
    parser.add_argument("--limit", type=float, default=600, metavar="SECONDS", help="a run that takes longer is given up (default: 600)")
    parser.add_argument("--only", default="", metavar="K,K", help="only these kernels")
    parser.add_argument("--sizes", choices=("size", "brief", "small"), default="size",
                        help="of kernels.py; with brief ones starting up counts, small ones measure nothing (default: size)")
    parser.add_argument("-o", "--output", default=None, metavar="FOLDER", help="where results and programs go (default: build/bench)")
    options = parser.parse_args(words)
    options.live = options.repetitions if options.live is None else options.live
    options.builds = options.repetitions if options.builds is None else options.builds
    known = [kernel.name for kernel in kernels.KERNELS]
    options.only = options.only.split(",") if options.only else known
    if unknown := set(options.only) - set(known):
        parser.error(f"no such kernel: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    if min(options.repetitions, options.live, options.builds) < 1:
        parser.error("at least one repetition")
    return options


def revision(root):
    done = subprocess.run(["git", "-C", root, "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def main(root, build, *words):
    options = options_of(words)
    out = os.path.abspath(options.output or os.path.join(root, "build", "bench"))
    os.makedirs(out, exist_ok=True)
    chosen = [kernel for kernel in kernels.KERNELS if kernel.name in options.only]
    results = session.Session(builds.Compilers(root, build, out), options).measure(chosen)
    text = summary.table(results) + "\n" + summary.target_lines(results)
    whole = {"version": 1, "revision": revision(root), "processors": os.cpu_count(), "repetitions": options.repetitions, "sizes": options.sizes,
             "kernels": results, "targets": summary.targets(results)}
    write(out, "record.txt", text)
    write(out, "record.json", json.dumps(whole, indent=1) + "\n")
    print(text, end="")
    if problem := plot.draw(results, os.path.join(out, "record.svg")):
        print("bench: " + problem, file=sys.stderr)
    print("bench: results are in " + out, file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
