// SPDX-License-Identifier: Apache-2.0
// A guest and a cook talk over two channels: each dish is ordered before it is waited for.
#include <gordian/gordian.h>

#include <cstdio>
#include <string>

void cook(gordian::RecvChan<std::string> orders, gordian::SendChan<std::string> dishes) {
  for (std::string order : orders) {
    dishes.send("hot " + order);
  }
}

int main() {
  auto orders = gordian::make_chan<std::string>();
  auto dishes = gordian::make_chan<std::string>();
  gordian::go(cook, orders, dishes);

  orders.send("soup");
  std::puts(dishes.recv().c_str());

  orders.send("tea");
  std::puts(dishes.recv().c_str());
  orders.close();
}
