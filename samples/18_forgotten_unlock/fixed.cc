// SPDX-License-Identifier: Apache-2.0
// A shop's stock behind a lock; the unlock is deferred right behind the lock, for every way out.
#include <gordian/gordian.h>

#include <cstdio>

gordian::Mutex mu;
int stock = 3;  // guarded by mu

bool take(int count) {
  mu.lock();
  GORDIAN_DEFER { mu.unlock(); };
  if (stock < count) {
    return false;
  }
  stock -= count;
  return true;
}

int main() {
  gordian::WaitGroup served;
  served.go([] { std::printf("five for ann: %d\n", take(5)); });
  served.wait();
  std::printf("two for bob: %d\n", take(2));
}
