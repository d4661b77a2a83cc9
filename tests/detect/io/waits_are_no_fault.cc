// SPDX-License-Identifier: Apache-2.0
// Who waits for a descriptor at the end is neither leaked nor stuck: the world outside might have gone on. He is noted.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>
#include <unistd.h>

gordian::Mutex mu;

int main() {
  int ends[2];
  if (pipe(ends) != 0) {
    return 1;
  }
  const auto never = gordian::make_chan<int>();
  const auto listener = gordian::io::listen_tcp("127.0.0.1", 0);
  gordian::go([=] { (void)gordian::io::accept(listener.descriptor); });
  gordian::go([=] {
    mu.lock();
    char byte = 0;
    (void)gordian::io::read(ends[0], &byte, 1);
    never.send(byte);
  });
  gordian::go([=] { never.recv(); });  // the reader might send
  gordian::go([=] {
    gordian::sleep(std::chrono::milliseconds(5));
    mu.lock();
  });  // and unlock
  gordian::sleep(std::chrono::milliseconds(20));
}
