# SPDX-License-Identifier: Apache-2.0
# Detection cases: one small program each, its expected report beside the guilty line, clean twins that must stay silent.
#   %gordian_cxx          the instrumenting compiler, C++20
#   %gordian_run S PROG   runs PROG under `gordian run`, demands exit status S and a valid trace, prints the report
#   %gordian_hang PROG    the same for a program that hangs: killed after it has done nothing for a second, status 137
#   %gordian              the command
# --param level=-O2 builds every case at that level instead of -O1, --param runs=10 runs its programs so often; each report is checked.
import os
import sys

build = lit_config.params["build"]
source = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

level = lit_config.params.get("level", "-O1")
runs = int(lit_config.params.get("runs", "1"))

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), os.path.join(source, "support")]
from case import Case

config.name = "detect"
config.suffixes = [".cc"]
config.test_format = Case(build, level, with_headers=runs == 1)  # scripts/test --full reads them each time, as users do
config.test_source_root = os.path.dirname(os.path.abspath(__file__))
config.test_exec_root = os.path.join(build, "tests", "detect", "lit" + level)

config.environment["PATH"] = "/usr/lib/llvm-19/bin" + os.pathsep + os.environ.get("PATH", "")
config.environment["XDG_STATE_HOME"] = os.path.join(config.test_exec_root, "state")
config.environment["GORDIAN_MAXPROCS"] = os.environ.get("GORDIAN_MAXPROCS", "2")
config.environment["NO_COLOR"] = "1"

gordian = os.path.join(build, "bin", "gordian")
config.substitutions.append(("%gordian_cxx", f"{gordian}-clang++ -std=c++20 -g -I{source}"))
config.substitutions.append(("%gordian_run", f"{sys.executable} {source}/support/run_status.py --runs={runs} {gordian}"))
config.substitutions.append(
    ("%gordian_hang", f"{sys.executable} {source}/support/run_status.py --runs={runs} {gordian} --hang-timeout=1 137"))
if runs > 1:
    config.substitutions.append((r"\| FileCheck", f"| {sys.executable} {source}/support/each_report.py FileCheck"))
config.substitutions.append(("%gordian", gordian))
