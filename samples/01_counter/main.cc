// SPDX-License-Identifier: Apache-2.0
// Two turnstiles count visitors in one variable. Each increment is a read and a write: two at once lose a visitor.
#include <gordian/gordian.h>

#include <cstdio>

int counter = 0;

void turnstile(int visitors) {
  for (int i = 0; i < visitors; ++i) {
    ++counter;  // [1] both turnstiles write here, and nothing orders them
  }
}

int main() {
  gordian::WaitGroup closed;
  for (int gate = 0; gate < 2; ++gate) {
    closed.go([] { turnstile(1000); });  // [go]
  }
  closed.wait();
  std::printf("%d of 2000 visitors counted\n", counter);
}
