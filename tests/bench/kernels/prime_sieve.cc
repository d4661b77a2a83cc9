// SPDX-License-Identifier: Apache-2.0
// The first SIZE primes by a chain of goroutines (Hoare 1978; the Go distribution's sieve): each takes a prime and
// passes on what it does not divide. Nothing but unbuffered channels. Needs Gordian's runtime, so there is no build for
// ThreadSanitizer.
#include <gordian/gordian.h>

#include "tests/bench/kernels/kernel.h"

namespace {

using gordian::Chan;
using gordian::RecvChan;
using gordian::SendChan;

// Ends when nobody wants more.
void generate(const SendChan<std::uint64_t>& numbers, const RecvChan<void>& done) {
  for (std::uint64_t number = 2;; ++number) {
    if (gordian::Select{gordian::on_send(numbers, number), gordian::on_recv(done)}.run() == 1) {
      break;
    }
  }
  numbers.close();
}

// Drains what comes after the end, so that its sender ends, too.
void filter(const RecvChan<std::uint64_t>& in, const SendChan<std::uint64_t>& out, std::uint64_t prime,
            const RecvChan<void>& done) {
  for (const std::uint64_t number : in) {
    if (number % prime != 0) {
      gordian::Select{gordian::on_send(out, number), gordian::on_recv(done)}.run();
    }
  }
  out.close();
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t size = kernel::arguments(argc, argv, 200).size;
  const auto done = gordian::make_chan<void>();
  auto source = gordian::make_chan<std::uint64_t>();
  gordian::WaitGroup team;
  team.go([source, done] { generate(source, done); });
  kernel::Checksum checksum;
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint64_t prime = source.recv();
    for (std::uint64_t divisor = 2; divisor * divisor <= prime; ++divisor) {
      kernel::require(prime % divisor != 0, "not a prime");
    }
    checksum.add(prime);
    const auto next = gordian::make_chan<std::uint64_t>();
    team.go([source, next, prime, done] { filter(source, next, prime, done); });
    source = next;
  }
  done.close();
  team.wait();
  checksum.print();
}
