// SPDX-License-Identifier: Apache-2.0
// Two replicas are asked, the first answer wins. The channel has room for both: whoever comes late leaves its answer
// and ends.
#include <gordian/gordian.h>

#include <chrono>
#include <cstdio>

using namespace std::chrono_literals;

int query(int replica) { return 40 + replica; }

int first_answer() {
  auto answers = gordian::make_chan<int>(2);
  for (int replica = 1; replica <= 2; ++replica) {
    gordian::go([=] { answers.send(query(replica)); });
  }
  return answers.recv();
}

int main() {
  std::printf("answer %d\n", first_answer());
  gordian::sleep(200ms);  // the server serves other requests
}
