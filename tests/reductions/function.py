# SPDX-License-Identifier: Apache-2.0
"""What the generators' programs have in common: functions that return k."""


def write(head, lines):
    print(f"{head} {{")
    print("\n".join("  " + line for line in lines))
    print("  return k;\n}\n")
