#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Runs one of the house checks on the working tree: house.py CHECK ROOT. Prints each violation as `path:line: what`.
import sys

import coverage
import formatting
import layout
import walls

CHECKS = {"walls": walls.check, "layout": layout.check, "coverage": coverage.check, "format": formatting.check}


def main(arguments):
    if len(arguments) != 2 or arguments[0] not in CHECKS:
        print(f"usage: house.py {{{','.join(CHECKS)}}} ROOT", file=sys.stderr)
        return 2
    errors = CHECKS[arguments[0]](arguments[1])
    print("\n".join(errors) if errors else f"{arguments[0]}: nothing to complain about")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
