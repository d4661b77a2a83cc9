// SPDX-License-Identifier: Apache-2.0
// A shop's stock behind a lock. When there is too little of it, take() returns early and keeps the lock: the next
// customer waits for a goroutine that is long gone.
#include <gordian/gordian.h>

#include <cstdio>

gordian::Mutex mu;
int stock = 3;  // guarded by mu

bool take(int count) {
  mu.lock();  // [1]
  if (stock < count) {
    return false;  // without unlock()
  }
  stock -= count;
  mu.unlock();
  return true;
}

int main() {
  gordian::WaitGroup served;
  served.go([] { std::printf("five for ann: %d\n", take(5)); });
  served.wait();
  std::printf("two for bob: %d\n", take(2));
}
