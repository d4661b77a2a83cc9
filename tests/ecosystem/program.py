#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# program.py BIN SOURCE FOLDER [LINKER WORDS]: builds SOURCE with clang++ and with gordian-clang++, runs both, and once
# more with the seeded race (-DRACE), which must be reported at the line that is marked `// seeded`.
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import precompiled

SECONDS = 120
FLAGS = ["-std=c++20", "-g", "-O1"]


class Failure(Exception):
    pass


def run(words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=SECONDS, check=False)


def build(compiler, source, program, words):
    done = run([compiler, *FLAGS, f"-I{source.parent.parent}", source, "-o", program, *words])
    if done.returncode != 0:
        raise Failure(f"{compiler} fails:\n{done.stderr}")
    return program


def build_recorded(binaries, source, program, words):
    return build(binaries / "gordian-clang++", source, program, [*words, *precompiled.options(binaries.parent, source, [*FLAGS[1:], *words])])


def record(gordian, program):
    trace, report = program.with_suffix(".gtrace"), program.with_suffix(".txt")
    done = run([gordian, "run", "-q", "-o", trace, "--report", report, "--", program])
    valid = run([gordian, "trace", "validate", trace])
    if valid.returncode != 0:
        raise Failure(f"the trace is not valid: {valid.stdout}{valid.stderr}")
    return done, report.read_text(encoding="utf-8")


def check_clean(gordian, plain, clean):
    wanted = run([plain])
    done, report = record(gordian, clean)
    if (done.returncode, done.stdout) != (wanted.returncode, wanted.stdout):
        raise Failure(f"{done.returncode} {done.stdout!r} is not {wanted.returncode} {wanted.stdout!r}\n{report}")
    if "no findings" not in report:
        raise Failure(f"false alarm:\n{report}")


def check_race(gordian, source, racy):
    lines = source.read_text(encoding="utf-8").splitlines()
    seeded = [number for number, line in enumerate(lines, 1) if "// seeded" in line]
    _, report = record(gordian, racy)
    if not any(re.search(rf"data race.*(\n.*)*{source.name}:{number}\b", report) for number in seeded):
        raise Failure(f"the race at line {seeded} is not reported:\n{report}")


def main(arguments):
    binaries, source, folder = (pathlib.Path(argument) for argument in arguments[:3])
    words, gordian = arguments[3:], binaries / "gordian"
    try:
        plain = build("clang++-19", source, folder / f"{source.stem}.plain", ["-pthread", *words])
        clean = build_recorded(binaries, source, folder / f"{source.stem}.clean", words)
        check_clean(gordian, plain, clean)
        racy = build_recorded(binaries, source, folder / f"{source.stem}.race", ["-DRACE", *words])
        check_race(gordian, source, racy)
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
