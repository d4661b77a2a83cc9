// SPDX-License-Identifier: Apache-2.0
// A post office desk takes letters and parcels and hands out a receipt, whatever is ready first: once for each
// customer.
#include <gordian/gordian.h>

#include <cstdio>

using gordian::on_recv;
using gordian::on_send;

void desk(gordian::RecvChan<int> letters, gordian::RecvChan<int> parcels, gordian::SendChan<int> receipts) {
  for (int i = 0; i < 3; ++i) {
    gordian::Select{
        on_recv(letters, [](int from) { std::printf("letter from %d\n", from); }),
        on_recv(parcels, [](int from) { std::printf("parcel from %d\n", from); }),
        on_send(receipts, 42),
    }
        .run();
  }
}

int main() {
  auto letters = gordian::make_chan<int>();
  auto parcels = gordian::make_chan<int>();
  auto receipts = gordian::make_chan<int>();
  gordian::go([=] { letters.send(1); });
  gordian::go([=] { parcels.send(2); });
  gordian::go([=] { std::printf("receipt %d\n", receipts.recv()); });
  desk(letters, parcels, receipts);
}
