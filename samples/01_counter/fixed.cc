// SPDX-License-Identifier: Apache-2.0
// Two turnstiles count visitors in one variable. A mutex makes each increment one step.
#include <gordian/gordian.h>

#include <cstdio>
#include <mutex>

gordian::Mutex mu;
int counter = 0;  // guarded by mu

void turnstile(int visitors) {
  for (int i = 0; i < visitors; ++i) {
    std::lock_guard hold(mu);
    ++counter;
  }
}

int main() {
  gordian::WaitGroup closed;
  for (int gate = 0; gate < 2; ++gate) {
    closed.go([] { turnstile(1000); });
  }
  closed.wait();
  std::printf("%d of 2000 visitors counted\n", counter);
}
