#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# each_report.py COMMAND [ARGUMENTS]: runs the command (FileCheck) on each of the texts that stand on stdin with a form feed between
# them, as run_status.py prints them. Fails with the first that the command refuses.
import subprocess
import sys


def main(command):
    for number, text in enumerate(sys.stdin.read().split("\f"), 1):
        status = subprocess.run(command, input=text, text=True, check=False).returncode
        if status != 0:
            print(f"report {number}", file=sys.stderr)
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
