# SPDX-License-Identifier: Apache-2.0
# The CPU ratios as bars on a logarithmic scale, drawn by gnuplot if that is installed.
import shutil
import subprocess

import summary

BARS = (("tsan", "ThreadSanitizer"), ("null", "Gordian, null sink"), ("disk", "Gordian, on disk"), ("live", "Gordian, live"))
SETTINGS = """set terminal svg size 1200,520 background "white"
set output {output}
set title "CPU of all processes against the plain program"
set style data histograms
set style histogram clustered gap 2
set style fill solid 0.8 border -1
set logscale y
set grid ytics
set key top left
set xtics rotate by -35
set datafile missing "-"
plot {bars}
"""


def draw(results, path):
    """Why there is no picture, or None."""
    if shutil.which("gnuplot") is None:
        return "no picture: gnuplot is not installed (Debian: gnuplot-nox)"
    rows = []
    for name, result in results.items():
        values = (summary.over(result, mode, "plain", "cpu") for mode, _ in BARS)
        rows.append(" ".join([name.replace("_", "-"), *("-" if value is None else f"{value:.4f}" for value in values)]))
    data = "\n".join(rows) + "\ne\n"
    bars = ", ".join(f'"-" using {column}:xtic(1) title "{title}"' for column, (_, title) in enumerate(BARS, 2))
    quoted = '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'
    script = SETTINGS.format(output=quoted, bars=bars) + data * len(BARS)
    done = subprocess.run(["gnuplot"], input=script, text=True, capture_output=True, check=False)
    return None if done.returncode == 0 else f"no picture: gnuplot: {done.stderr.strip()}"
