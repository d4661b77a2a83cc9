// SPDX-License-Identifier: Apache-2.0
// Adds that come in time.
// RUN: %lint --checks=waitgroup-add-inside %s -- %headers 2>&1 | count 0
#include <gordian/gordian.h>

void work();

void before_the_start() {
  gordian::WaitGroup wg;
  wg.add(1);
  gordian::go([&] {
    GORDIAN_DEFER { wg.done(); };
    work();
  });
  wg.wait();
}

// A goroutine that is counted may add: the counter is not 0.
void a_counted_one_adds() {
  gordian::WaitGroup wg;
  wg.go([&] {
    wg.add(1);
    gordian::go([&] {
      work();
      wg.done();
    });
  });
  wg.add(1);
  gordian::go([&] {
    wg.add(1);
    work();
    wg.done();
    wg.done();
  });
  wg.wait();
}

// Adds for the goroutines that it starts; who waits is another matter.
void dispatcher(gordian::Chan<int> jobs) {
  gordian::WaitGroup wg;
  auto dispatched = gordian::make_chan<void>();
  gordian::go([&, jobs, dispatched] {
    for ([[maybe_unused]] int job : jobs) {
      wg.add(1);
      gordian::go([&wg] {
        work();
        wg.done();
      });
    }
    dispatched.close();
  });
  dispatched.recv();
  wg.wait();
}

// The add has happened when the wait begins.
void announced() {
  gordian::WaitGroup wg;
  auto counted = gordian::make_chan<void>();
  gordian::go([&, counted] {
    wg.add(1);
    counted.send();
    work();
    wg.done();
  });
  counted.recv();
  wg.wait();
}

// A group of its own.
void another_group() {
  gordian::WaitGroup outer;
  outer.go([] {
    gordian::WaitGroup inner;
    inner.add(1);
    gordian::go([&] { inner.done(); });
    inner.wait();
  });
  outer.wait();
}

int main() {}
