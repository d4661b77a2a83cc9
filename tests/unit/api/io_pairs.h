// SPDX-License-Identifier: Apache-2.0
// Two ends of a pipe or a connection, and goroutines that read.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "tests/unit/api/over_workers.h"

namespace gordian::test {

struct Pair {
  int reads = -1;
  int writes = -1;
};

inline Pair make_pipe() {
  int ends[2];
  EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
  return {ends[0], ends[1]};
}

inline Pair make_connection() {
  const auto listener = io::listen_tcp("127.0.0.1", 0);
  EXPECT_TRUE(listener) << listener.error;
  const auto dialled = make_chan<int>();
  go([=, port = io::port_of(listener.descriptor)] { dialled.send(io::connect_tcp("127.0.0.1", port).descriptor); });
  const auto accepted = io::accept(listener.descriptor);
  EXPECT_TRUE(accepted) << accepted.error;
  EXPECT_FALSE(io::close(listener.descriptor));
  return {accepted.descriptor, dialled.recv()};
}

inline void close_both(const Pair& pair) {
  EXPECT_FALSE(io::close(pair.reads));
  EXPECT_FALSE(io::close(pair.writes));
}

inline std::string read_text(int descriptor) {
  char buffer[64];
  const auto got = io::read(descriptor, buffer, sizeof(buffer));
  return got ? std::string(buffer, got.bytes) : got.error.message();
}

inline std::string read_to_end(int descriptor) {
  std::string all;
  char buffer[4096];
  for (;;) {
    const auto got = io::read(descriptor, buffer, sizeof(buffer));
    EXPECT_TRUE(got) << got.error;
    if (!got || got.bytes == 0) {
      return all;
    }
    all.append(buffer, got.bytes);
  }
}

// A goroutine's read, whose outcome arrives on the channel; begun when this returns on one worker, soon on several.
inline Chan<std::error_code> reading(int descriptor) {
  const auto outcome = make_chan<std::error_code>(1);
  go([=] {
    char byte = 0;
    outcome.send(io::read(descriptor, &byte, 1).error);
  });
  yield();
  return outcome;
}

}  // namespace gordian::test
