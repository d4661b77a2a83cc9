# SPDX-License-Identifier: Apache-2.0
"""Writes a random program of one goroutine whose accesses lie close to each other: seed as the argument, C++ on stdout.

Fields of objects behind pointers that change, elements at a variable index plus a constant, in types that wrap and types that do
not, short loops that are unrolled and long ones that are not, and between them all that synchronises, throws or leaves. All of it
falls into `arena`, whose address the program prints. Deterministic.
"""
import random
import sys

import function

FIELDS = ["a", "b", "c", "d", "v[0]", "v[1]", "v[2]"]


class Body:
    def __init__(self, rng):
        self.rng = rng
        self.lines = []
        self.loops = []

    def index(self):
        """From 0 to 47."""
        near = self.rng.randrange(8)
        choices = [str(self.rng.randrange(48)), f"(k & 31) + {near}", f"(unsigned(k) & 31) + {near}", f"i + {near}", f"i - {near} + 8"]
        for name, last in self.loops:
            if last < 40:
                choices += [f"{name} + {near}", f"{name}"] * 2
        return self.rng.choice(choices)

    def place(self):
        kind = self.rng.randrange(8)
        if kind <= 2:
            return f"n->{self.rng.choice(FIELDS)}"
        if kind == 3:
            return f"arena.items[(k & 7) + {self.rng.randrange(8)}].{self.rng.choice(FIELDS)}"
        if kind == 4:
            return f"arena.bytes[static_cast<unsigned char>(k + {self.rng.randrange(4)})]"
        if kind == 5 and self.loops:
            return f"arena.items[{self.rng.choice(self.loops)[0]} & 15].{self.rng.choice(FIELDS)}"
        if kind == 6:
            return f"m->{self.rng.choice(FIELDS)}"
        return f"arena.words[{self.index()}]"

    def statement(self):
        kind = self.rng.randrange(14)
        if kind == 0:
            return self.rng.choice(["n = n->next;", "m = n + (k & 1);", "n = m->next;"])
        if kind == 1:
            return self.rng.choice(["opaque();", "flag.store(k);", "std::atomic_thread_fence(std::memory_order_seq_cst);",
                                    "mu.lock(); k += 1; mu.unlock();", "may_throw(k);"])
        if kind == 2:
            return f"std::memcpy(&arena.items[{self.rng.randrange(8)}], &arena.words[{self.rng.randrange(60)}], {self.rng.choice([4, 8, 16])});"
        if kind == 3:  # calls that are no barrier
            return self.rng.choice(["k += glance(n);", "k += descend(m, k & 3);"])
        if kind <= 6:
            return f"k += static_cast<int>({self.place()});"
        return f"{self.place()} = static_cast<char>({self.place()} + {self.place()});"

    def block(self, depth):
        for _ in range(self.rng.randrange(2, 7)):
            choice = self.rng.randrange(9)
            if choice == 0 and depth < 3:
                self.lines.append(f"if ((k & {1 << self.rng.randrange(3)}) != 0) {{")
                self.block(depth + 1)
                self.lines.append("}")
            elif choice <= 2 and depth < 2:
                name = f"j{len(self.lines)}"
                count = self.rng.choice([2, 3, 4, 9, 30])
                self.lines.append(f"for ({self.rng.choice(['int', 'unsigned', 'long'])} {name} = 0; {name} < {count}; ++{name}) {{")
                self.loops.append((name, count))
                self.block(depth + 1)
                self.loops.pop()
                self.lines.append("}")
            else:
                self.lines.append(self.statement())


def main():
    rng = random.Random(int(sys.argv[1]))
    print("""#include <gordian/gordian.h>

#include <atomic>
#include <cstdio>
#include <cstring>

struct Item {
  long a;
  int b;
  short c;
  char d;
  double v[3];
};
struct Node : Item {
  Node* next;
};
struct Arena {
  Node items[16];
  long words[64];
  unsigned char bytes[256];
};
Arena arena;
gordian::Mutex mu;
std::atomic<int> flag;

__attribute__((noinline)) void opaque() {
  mu.lock();
  mu.unlock();
}
__attribute__((noinline)) int glance(const Node* n) { return n->b + n->d; }
__attribute__((noinline)) int descend(const Node* n, int k) {
  if (k <= 0) return n->b;
  arena.words[k] = k;
  const int below = descend(n->next, k - 1);
  return below + static_cast<int>(arena.words[0]) + n->d;
}
__attribute__((noinline)) void may_throw(unsigned k) {
  if (k % 7 == 0) throw k;
}
""")
    for number in range(8):
        body = Body(rng)
        for _ in range(3):
            body.block(0)
        function.write(f"__attribute__((noinline)) int work{number}(Node* n, Node* m, int i, int k)", body.lines)
    print("""int main() {
  std::printf("%p\\n", static_cast<void*>(&arena));
  for (int i = 0; i < 16; ++i) {
    arena.items[i].next = &arena.items[(i * 5 + 1) % 15];  // each has another one behind it
  }""")
    for number in range(8):
        for k in (3, 254, rng.randrange(1000)):
            nodes = f"&arena.items[{rng.randrange(15)}], &arena.items[{rng.randrange(15)}]"
            print(f"  try {{ work{number}({nodes}, {rng.randrange(32)}, {k}); }} catch (unsigned) {{}}")
    print("}")


main()
