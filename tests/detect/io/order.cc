// SPDX-License-Identifier: Apache-2.0
// A value that is handed over through descriptors that park the goroutine: what happens before io::write, io::close or
// a connect happens before the io::read or io::accept that sees it, the C library's own read(2) included. Without the
// wait, each of them is a race; and what goes through one connection orders nothing on another.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DFORGOTTEN %s -o %t.forgotten
// RUN: %gordian_run 66 %t.forgotten | FileCheck %s --check-prefix=FORGOTTEN
// CHECK: no findings
// FORGOTTEN-DAG: data race {{.*}}: by_pipe is
// FORGOTTEN-DAG: data race {{.*}}: by_end is
// FORGOTTEN-DAG: data race {{.*}}: by_connect is
// FORGOTTEN-DAG: data race {{.*}}: by_connection is
// FORGOTTEN-DAG: data race {{.*}}: by_plain_read is
// FORGOTTEN: 5 findings
#include <gordian/gordian.h>
#include <unistd.h>

#include <cstdlib>

namespace io = gordian::io;

int by_pipe, by_end, by_connect, by_connection, by_plain_read;

void demand(bool holds) {
  if (!holds) {
    std::abort();
  }
}

#ifdef FORGOTTEN
#define WAIT(wait)
#else
#define WAIT(wait) demand(wait)
#endif

struct Pipe {
  int ends[2];
  Pipe() { demand(pipe(ends) == 0); }
};

// `give` in a goroutine after it has written the value, `take` before the other side writes it.
template <class Give, class Take>
void hand_over(gordian::WaitGroup& group, int& value, Give give, Take take) {
  group.go([&value, give] {
    value = 1;
    give();
  });
  group.go([&value, take] {
    WAIT(take());
    ++value;
  });
}

bool read_one(int descriptor) {
  char byte = 0;
  return io::read(descriptor, &byte, 1).bytes == 1;
}

int main() {
  const Pipe pipe, ending, plain;
  const auto listener = io::listen_tcp("127.0.0.1", 0);
  const auto server = io::listen_tcp("127.0.0.1", 0);
  const auto client = io::connect_tcp("127.0.0.1", io::port_of(server.descriptor));
  const auto accepted = io::accept(server.descriptor);
  demand(bool(listener) && bool(client) && bool(accepted));

  gordian::WaitGroup group;
  hand_over(
      group, by_pipe, [&] { demand(bool(io::write(pipe.ends[1], "x"))); }, [&] { return read_one(pipe.ends[0]); });
  hand_over(group, by_end, [&] { io::close(ending.ends[1]); }, [&] { return !read_one(ending.ends[0]); });
  hand_over(
      group, by_connect, [&] { demand(bool(io::connect_tcp("127.0.0.1", io::port_of(listener.descriptor)))); },
      [&] { return bool(io::accept(listener.descriptor)); });
  hand_over(
      group, by_connection, [&] { demand(bool(io::write(client.descriptor, "x"))); },
      [&] { return read_one(accepted.descriptor); });
  hand_over(
      group, by_plain_read, [&] { demand(bool(io::write(plain.ends[1], "x"))); },
      [&] {
        char byte = 0;
        return gordian::blocking([&] { return ::read(plain.ends[0], &byte, 1); }) == 1;
      });
  group.wait();
}
