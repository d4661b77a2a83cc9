# SPDX-License-Identifier: Apache-2.0
"""Writes a random racy program whose functions allocate objects, keep some to themselves and let others go: seed as the argument,
C++ on stdout.

What has been let go is never freed, so that no pointer dangles. Its goroutines run one after the other where nothing blocks, so two
runs with one thread are the same.
"""
import random
import sys

import function

FIELDS = ["a", "b", "c[0]", "c[2]"]
FUNCTIONS = 8
GOROUTINES = 3
MADE = ["new Item", "new (std::nothrow) Item", "static_cast<Item*>(std::malloc(sizeof(Item)))", "static_cast<Item*>(std::calloc(1, sizeof(Item)))"]


class Body:
    def __init__(self, rng):
        self.rng = rng
        self.lines = ["Item* q = shared[k & 7];"]
        self.made = []  # name, how it is given back

    def make(self):
        name = f"p{len(self.made)}"
        how = self.rng.choice(MADE)
        self.made.append((name, "delete {};" if how.startswith("new") else "std::free({});"))
        self.lines += [f"Item* {name} = {how};", f"*{name} = {{k, 1, {{k, 2}}}};"]

    def any_of_them(self):
        return self.rng.choice(self.made)[0]

    def access(self):
        if self.rng.randrange(5) == 0:
            part = f"parts[{self.rng.randrange(8)}]"
            return f"if ({part} != nullptr) *{part} += k;"
        place = f"{self.rng.choice([self.any_of_them(), 'q', 'q', self.any_of_them()])}->{self.rng.choice(FIELDS)}"
        return self.rng.choice([f"{place} = k;", f"k += {place};", f"{place} += k;"])

    def let_go(self):
        name, _ = way = self.rng.choice(self.made)
        kind = self.rng.randrange(10)
        if kind == 0:
            return f"k += glance({name});"  # keeps nothing
        if kind == 1:
            return f"if ({name} == q) k += 1;"
        if kind == 2:
            return f"q = (k & 1) != 0 ? {name} : {self.any_of_them()};" if self.rng.randrange(2) else f"q = {name};"
        if kind == 3:
            return f"k += *(&{name}->a + (k & 1));"
        if self.rng.randrange(3) != 0:
            return self.access()
        if kind == 9:  # whichever that is
            self.made = [(name, "") for name, _ in self.made]
            return f"shared[{self.rng.randrange(8)}] = q;"
        self.made[self.made.index(way)] = (name, "")
        if kind == 4:
            return f"shared[{self.rng.randrange(8)}] = {name};"
        if kind == 5:
            return f"keep({name});"
        if kind == 6:
            return f"mu.lock(); shared[{self.rng.randrange(8)}] = {name}; mu.unlock();"
        if kind == 7:
            return f"all.go([{name}] {{ {name}->{self.rng.choice(FIELDS)} += 1; }});"
        return f"parts[{self.rng.randrange(8)}] = &{name}->c[1];"

    def write(self, number):
        for _ in range(self.rng.randrange(1, 4)):
            self.make()
        for _ in range(self.rng.randrange(5, 14)):
            choice = self.rng.randrange(10)
            if choice == 0:
                self.lines.append(f"if ((k & {1 << self.rng.randrange(3)}) != 0) {{ {self.access()} {self.access()} }}")
            elif choice == 1:
                self.lines.append(f"for (int i = 0; i < 3; ++i) {{ {self.access()} }}")
            elif choice == 2:
                self.lines.append(f"mu.lock(); {self.access()} mu.unlock();")
            elif choice == 3:
                self.lines.append(f"std::vector<unsigned> v{len(self.lines)}(k & 15, k); for (unsigned x : v{len(self.lines)}) k ^= x;")
            elif choice <= 6:
                self.lines.append(self.let_go())
            else:
                self.lines.append(self.access())
        self.lines += [end.format(name) for name, end in self.made]
        function.write(f"__attribute__((noinline)) unsigned work{number}(unsigned k)", self.lines)


def main():
    rng = random.Random(int(sys.argv[1]))
    print("""#include <gordian/gordian.h>

#include <cstdlib>
#include <new>
#include <vector>

struct Item {
  unsigned a, b;
  unsigned c[4];
};
Item first[8];
Item* shared[8] = {first, first + 1, first + 2, first + 3, first + 4, first + 5, first + 6, first + 7};
unsigned* parts[8];
Item* kept;
gordian::Mutex mu;
gordian::WaitGroup all;

__attribute__((noinline)) unsigned glance(const Item* p) { return p->a + p->c[2]; }
__attribute__((noinline)) void keep(Item* p) {
  kept = p;
  shared[p->a & 7] = p;
}
""")
    for number in range(FUNCTIONS):
        Body(rng).write(number)
    print("int main() {")
    for _ in range(GOROUTINES):
        calls = " ".join(f"k = work{rng.randrange(FUNCTIONS)}(k & 255);" for _ in range(8))
        print(f"  all.go([] {{ unsigned k = {rng.randrange(100)}; {calls} }});")
    print("  all.wait();\n}")


main()
