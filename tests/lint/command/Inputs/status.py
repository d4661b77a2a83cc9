# SPDX-License-Identifier: Apache-2.0
# status.py STATUS COMMAND...: fails unless the command ends with that exit status.
import subprocess
import sys

done = subprocess.run(sys.argv[2:], capture_output=True, text=True, check=False)
if done.returncode != int(sys.argv[1]):
    sys.exit(f"exit status {done.returncode}, not {sys.argv[1]}\n{done.stdout}{done.stderr}")
