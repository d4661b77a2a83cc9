// SPDX-License-Identifier: Apache-2.0
// A guest and a cook talk over two channels. The second time the guest waits for the dish before ordering it: the cook
// waits for the order, the guest for the dish, and nobody is left awake.
#include <gordian/gordian.h>

#include <cstdio>
#include <string>

void cook(gordian::RecvChan<std::string> orders, gordian::SendChan<std::string> dishes) {
  for (std::string order : orders) {  // [1] waits for the second order
    dishes.send("hot " + order);
  }
}

int main() {
  auto orders = gordian::make_chan<std::string>();
  auto dishes = gordian::make_chan<std::string>();
  gordian::go(cook, orders, dishes);  // [go]

  orders.send("soup");
  std::puts(dishes.recv().c_str());

  std::puts(dishes.recv().c_str());  // [2] waits for a dish that was never ordered
  orders.send("tea");
}
