// SPDX-License-Identifier: Apache-2.0
// Loops whose goroutines have a copy, or have ended when the loop goes on.
// RUN: %lint --checks=loop-variable-by-reference %s -- %headers 2>&1 | count 0
#include <gordian/gordian.h>

#include <string>
#include <thread>
#include <vector>

void use(int value);
void use_text(const std::string& text);

void copied() {
  gordian::WaitGroup wg;
  for (int i = 0; i < 10; ++i) {
    wg.go([i] { use(i); });
    wg.go([=] { use(i); });
    gordian::go(use, i);
  }
  wg.wait();
}

// The reference is to the element, which stays.
void elements(std::vector<std::string>& words) {
  gordian::WaitGroup wg;
  for (auto& word : words) {
    wg.go([&word] { use_text(word); });
  }
  wg.wait();
}

void joined_each_time() {
  for (int i = 0; i < 10; ++i) {
    std::thread worker([&i] { use(i); });
    worker.join();
  }
}

void waited_for_each_time() {
  for (int i = 0; i < 10; ++i) {
    gordian::WaitGroup wg;
    wg.go([&] { use(i); });
    wg.wait();
  }
}

void joined_at_the_end_of_the_round() {
  for (int i = 0; i < 10; ++i) {
    std::jthread worker([&i] { use(i); });
  }
}

// Called at once, in the loop's own goroutine.
void not_a_goroutine() {
  for (int i = 0; i < 10; ++i) {
    auto show = [&i] { use(i); };
    show();
  }
}

// The loop is inside the goroutine.
void own_loop() {
  gordian::WaitGroup wg;
  wg.go([] {
    for (int i = 0; i < 10; ++i) {
      auto show = [&i] { use(i); };
      show();
    }
  });
  wg.wait();
}
