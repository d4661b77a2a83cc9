#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# smoke.py BUILD KERNEL: a kernel of small size, plain and recorded, prints the checksum that is written down for it; its trace is valid
# and has no findings.
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(os.path.dirname(HERE)), "support")]
import gordian
import kernels


def complaints(tools, kernel, folder):
    program, trace = os.path.join(folder, kernel.name), os.path.join(folder, "kernel.gtrace")
    size, wanted = str(kernel.small), f"checksum {kernel.checksum}\n"
    plain = gordian.run([os.path.join(tools.build, "bin", "kernel_" + kernel.name), size])
    if plain.returncode != 0 or plain.stdout != wanted:
        yield f"plain: status {plain.returncode}, {plain.stdout}{plain.stderr}, not {wanted}"
    if failed := tools.compile(kernel.source, program, "-O2", "-I" + kernels.ROOT):
        yield failed
        return
    environment = gordian.environment(os.path.join(folder, "state"), GORDIAN_MAXPROCS="2")
    recorded = gordian.run([tools.gordian, "run", "-q", "-o", trace, "--", program, size], env=environment)
    if recorded.returncode != 0 or not recorded.stdout.startswith(wanted) or "no findings" not in recorded.stdout:
        yield f"recorded: status {recorded.returncode}\n{recorded.stdout}{recorded.stderr}"
    valid = gordian.run([tools.gordian, "trace", "validate", trace])
    if valid.returncode != 0:
        yield f"the trace: {valid.stdout}{valid.stderr}"


def main(build, name):
    with tempfile.TemporaryDirectory() as folder:
        found = list(complaints(gordian.Tools(build), kernels.named(name), folder))
    print("\n".join(found) if found else f"{name}: as it should be")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
