# SPDX-License-Identifier: Apache-2.0
"""Writes a random program of one goroutine with loops over one array: seed as the argument, C++ on stdout.

Loops count up and down, by constants and by arguments, in narrow and wide types, nested, with breaks on what was read,
without a known number of rounds, with calls that may throw and calls that are no barrier, with no iteration at all; all
accesses fall into `arena`, whose address the program prints. Deterministic.
"""
import random
import sys

import function

TYPES = ["int", "unsigned", "long", "unsigned char", "short"]


class Body:
    def __init__(self, rng):
        self.rng = rng
        self.lines = []
        self.names = []
        self.made = 0

    def index(self):
        choices = [str(self.rng.randrange(32)), "n", "m"]
        for name in self.names:
            choices += [name, f"2 * {name}", f"{name} + n", f"31 - {name}", f"8 * {name}"]
        if len(self.names) > 1:
            choices += [f"8 * {self.names[-2]} + {self.names[-1]}", f"{self.names[-2]} * n + {self.names[-1]}"] * 3
        return f"arena[({self.rng.choice(choices)}) & 255]" if self.rng.randrange(6) == 0 else f"arena[{self.rng.choice(choices)}]"

    def statement(self):
        kind = self.rng.randrange(9)
        if kind == 0:
            return f"if ({self.index()} > {self.rng.randrange(40)}) {self.index()} = 1;"
        if kind == 1 and self.names:
            return f"if ({self.names[-1]} == {self.rng.randrange(6)}) {self.rng.choice(['break', 'continue', 'break'])};"
        if kind == 2:
            return self.rng.choice([f"may_throw(k + {self.rng.randrange(9)});", f"k += {self.index()};", "k += peek(n);"])
        if kind == 3:
            return f"{self.index()} = {self.index()} + 1;"
        if kind == 4 and self.names:
            return f"if ({self.index()} > {self.rng.randrange(60)}) break;"
        return f"{self.index()} = k;"

    def loop(self, depth):
        name = f"i{self.made}"
        self.made += 1
        form = self.rng.randrange(7)
        bound = self.rng.choice(["n", "m", str(self.rng.randrange(6))])
        step = self.rng.choice(["1", "1", "1", "2", "3"])
        type_ = self.rng.choice(TYPES)
        if form == 4:
            self.lines.append(f"{{ int {name} = 0; do {{")
        elif form == 5:  # how often nobody can tell before: it might wrap around
            self.lines.append(f"for (unsigned long {name} = {self.rng.choice(['0', '1', 'k % 3'])}; {name} <= (unsigned long){bound}; {name} += 2) {{")
        elif form == 6:
            self.lines.append(f"for (int {name} = 0;; ++{name}) {{ if ({self.rng.choice([f'{name} >= {bound}', f'k % 7 == 0 || {name} >= 9'])}) break; k += 3;")
        elif form == 3:
            self.lines.append(f"for (long {name} = {bound}; {name} > 0; --{name}) {{")
        else:
            self.lines.append(f"for ({type_} {name} = 0; {name} < {bound}; {name} += {step}) {{")
        self.names.append(name)
        for _ in range(self.rng.randrange(1, 4)):
            if depth < 3 and self.rng.randrange(3) == 0:
                self.loop(depth + 1)
            else:
                self.lines.append(self.statement() if form != 4 else self.statement().replace("continue", "break"))
        self.names.pop()
        self.lines.append(f"}} while (++{name} < {bound}); }}" if form == 4 else "}")


def main():
    rng = random.Random(int(sys.argv[1]))
    print("""#include <cstdio>

unsigned arena[512];

__attribute__((noinline)) unsigned peek(int i) { return arena[i] + arena[i + 1]; }
__attribute__((noinline)) void may_throw(unsigned k) {
  if (k % 5 == 0) throw k;
}
""")
    for number in range(8):
        body = Body(rng)
        for _ in range(3):
            body.loop(1)
        function.write(f"__attribute__((noinline)) unsigned work{number}(int n, int m, unsigned k)", body.lines)
    print("int main() {\n  std::printf(\"%p\\n\", static_cast<void*>(arena));")
    for number in range(8):
        for n, m in [(0, 3), (5, 1), (7, 4)]:
            print(f"  try {{ arena[500] = work{number}({n}, {m}, {rng.randrange(50)}); }} catch (unsigned) {{}}")
    print("}")


main()
