// SPDX-License-Identifier: Apache-2.0
// Two replicas are asked, the first answer wins. The channel has no room for the second: whoever comes late waits for
// ever for a receiver, and so does everything that its stack keeps alive.
#include <gordian/gordian.h>

#include <chrono>
#include <cstdio>

using namespace std::chrono_literals;

int query(int replica) { return 40 + replica; }

int first_answer() {
  auto answers = gordian::make_chan<int>();
  for (int replica = 1; replica <= 2; ++replica) {
    gordian::go([=] {                // [go]
      answers.send(query(replica));  // [1] the slower one is never received
    });
  }
  return answers.recv();
}

int main() {
  std::printf("answer %d\n", first_answer());
  gordian::sleep(200ms);  // the server serves other requests
}
