# SPDX-License-Identifier: Apache-2.0
"""Writes a random racy program of plain accesses, locks, atomics, calls, branches and loops: seed as the argument, C++ on stdout.

It always ends and never touches memory that is not its own, however its goroutines interleave: indices are constants or
counters, and a Node's `next` only ever points to a Node.
"""
import random
import sys

import function

FIELDS = ["a", "b", "c", "d"]
FUNCTIONS = 6
GOROUTINES = 3


class Body:
    def __init__(self, rng):
        self.rng = rng
        self.lines = []
        self.loops = 0

    def place(self):
        kind = self.rng.randrange(5)
        if kind == 0:
            return f"n->{self.rng.choice(FIELDS)}"
        if kind == 1:
            return f"w[{self.rng.randrange(4)}]"
        if kind == 2 and self.loops > 0:
            return f"w[i{self.rng.randrange(self.loops)}]"
        if kind == 3:
            return f"nodes[{self.rng.randrange(8)}].{self.rng.choice(FIELDS)}"
        return "counter"

    def assignment(self):
        kind = self.rng.randrange(7)
        if kind == 0:
            return f"{self.place()} += 1;"
        if kind == 5:  # calls that are no barrier
            return self.rng.choice(["k += glance(n);", "k += descend(n, w, k & 3);"])
        if kind == 1:
            return f"k += static_cast<int>({self.place()});"
        if kind == 2:
            return f"{self.place()} = static_cast<char>({self.place()} + {self.place()});"
        if kind == 3:
            return "n = n->next;"
        if kind == 4:
            return f"std::memcpy(w, &nodes[{self.rng.randrange(8)}], {self.rng.choice([4, 8, 16])});"
        return f"{self.place()} = static_cast<char>(k);"

    def order(self):
        return self.rng.choice(["opaque();", "k += ask(k);", "mu.lock();\n    w[0] += k;\n    mu.unlock();", "flag.store(k);",
                                "k += flag.load(std::memory_order_relaxed);",
                                "std::atomic_thread_fence(std::memory_order_seq_cst);"])

    def block(self, depth, statements):
        for _ in range(statements):
            choice = self.rng.randrange(12)
            if choice == 0 and depth < 3:
                self.lines.append(f"if ((k & {1 << self.rng.randrange(3)}) != 0) {{")
                self.block(depth + 1, self.rng.randrange(1, 4))
                if self.rng.randrange(2):
                    self.lines.append("} else {")
                    self.block(depth + 1, self.rng.randrange(1, 4))
                self.lines.append("}")
            elif choice == 1 and depth < 2:
                name = f"i{self.loops}"
                self.lines.append(f"for (int {name} = 0; {name} < {self.rng.randrange(1, 5)}; ++{name}) {{")
                self.loops += 1
                if self.rng.randrange(3) == 0:  # how often nobody can tell before
                    self.lines.append(f"if (w[{name}] > k + {self.rng.randrange(40)}) break;")
                self.block(depth + 1, self.rng.randrange(1, 4))
                self.loops -= 1
                self.lines.append("}")
            elif choice == 2:
                self.lines.append(self.order())
            else:
                self.lines.append(self.assignment())


def main():
    rng = random.Random(int(sys.argv[1]))
    print("""#include <gordian/gordian.h>

#include <atomic>
#include <cstring>

struct Node {
  long a;
  int b;
  short c;
  char d;
  Node* next;
};
Node nodes[8];
long words[8];
int counter;
gordian::Mutex mu;
gordian::Mutex other;
std::atomic<int> flag;

__attribute__((noinline)) void opaque() {
  other.lock();
  other.unlock();
}
__attribute__((noinline)) int ask(int k) { return flag.load() + k; }
__attribute__((noinline)) int glance(const Node* n) { return n->b + n->d; }
__attribute__((noinline)) int descend(const Node* n, long* w, int k) {
  if (k <= 0) return n->b;
  w[k] = k;
  const int below = descend(n->next, w, k - 1);
  return below + static_cast<int>(w[0]) + n->d;
}
""")
    for number in range(FUNCTIONS):
        body = Body(rng)
        body.block(0, rng.randrange(6, 16))
        inline = rng.choice(["static ", "__attribute__((noinline)) "])
        function.write(f"{inline}int work{number}(Node* n, long* w, int k)", body.lines)
    print("int main() {\n  for (int i = 0; i < 8; ++i) nodes[i].next = &nodes[(i + 1) % 8];\n  gordian::WaitGroup all;")
    for _ in range(GOROUTINES):
        print("  all.go([] {\n    int k = 1;")
        for _ in range(8):
            print(f"    k = work{rng.randrange(FUNCTIONS)}(&nodes[{rng.randrange(8)}], words + {rng.randrange(4)}, k & 15);")
        print("  });")
    print("  all.wait();\n}")


main()
