// SPDX-License-Identifier: Apache-2.0
// A fixture that runs each test with 1, 2 and 4 workers; afterwards no goroutine of the test may be left over.
#pragma once

#include <gordian/gordian.h>
#include <gtest/gtest.h>

#include <chrono>

namespace gordian::test {

class OverWorkers : public ::testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    before_ = set_max_procs(GetParam());
    goroutines_ = num_goroutine();
  }
  void TearDown() override {
    // What the test woke may still be on its way out.
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (num_goroutine() > goroutines_ && std::chrono::steady_clock::now() < deadline) {
      sleep(std::chrono::microseconds(50));
    }
    EXPECT_EQ(num_goroutine(), goroutines_) << "goroutines left behind";
    set_max_procs(before_);
  }

 private:
  int before_ = 1;
  std::size_t goroutines_ = 1;
};

// Comes back when `count` goroutines of the test wait.
inline void until_waiting(std::size_t count) {
  while (num_waiting() != count) {
    yield();
  }
}

// Death tests run the binary anew: a copy of this process would lack its workers.
class Dying : public ::testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

}  // namespace gordian::test

#define GORDIAN_OVER_WORKERS(Fixture)                                    \
  INSTANTIATE_TEST_SUITE_P(Workers, Fixture, ::testing::Values(1, 2, 4), \
                           [](const auto& info) { return std::to_string(info.param); })
