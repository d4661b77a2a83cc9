// SPDX-License-Identifier: Apache-2.0
// Prices SIZE European options by Black and Scholes (1973), 20 times over. Inputs and results lie in arrays of their
// own; threads own slices. Much arithmetic, few accesses, all of them streams. Checked by put-call parity.
#include "tests/bench/kernels/kernel.h"

namespace {

constexpr int kRounds = 20;

struct Portfolio {
  explicit Portfolio(std::size_t size)
      : spot(size), strike(size), rate(size), volatility(size), years(size), is_call(size), price(size) {
    kernel::Random random(10);
    for (std::size_t i = 0; i < size; i += 2) {
      for (std::size_t j = i; j < std::min(size, i + 2); ++j) {  // a call, and the put of the same contract
        spot[j] = j == i ? random.real(20, 120) : spot[i];
        strike[j] = j == i ? random.real(20, 120) : strike[i];
        rate[j] = j == i ? random.real(0.01, 0.1) : rate[i];
        volatility[j] = j == i ? random.real(0.1, 0.6) : volatility[i];
        years[j] = j == i ? random.real(0.1, 2) : years[i];
        is_call[j] = j == i;
      }
    }
  }
  std::vector<double> spot;
  std::vector<double> strike;
  std::vector<double> rate;
  std::vector<double> volatility;
  std::vector<double> years;
  std::vector<char> is_call;
  std::vector<double> price;
};

// Cumulative normal distribution, a polynomial of Abramowitz and Stegun (26.2.17); symmetric by construction.
double cumulative(double x) {
  const double k = 1 / (1 + 0.2316419 * std::abs(x));
  const double polynomial =
      k * (0.319381530 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))));
  const double tail = 0.39894228040143268 * std::exp(-x * x / 2) * polynomial;
  return x < 0 ? tail : 1 - tail;
}

double price_of(const Portfolio& all, std::size_t i) {
  const double deviation = all.volatility[i] * std::sqrt(all.years[i]);
  const double drift = (all.rate[i] + all.volatility[i] * all.volatility[i] / 2) * all.years[i];
  const double d1 = (std::log(all.spot[i] / all.strike[i]) + drift) / deviation;
  const double d2 = d1 - deviation;
  const double discounted = all.strike[i] * std::exp(-all.rate[i] * all.years[i]);
  return all.is_call[i] != 0 ? all.spot[i] * cumulative(d1) - discounted * cumulative(d2)
                             : discounted * cumulative(-d2) - all.spot[i] * cumulative(-d1);
}

}  // namespace

int main(int argc, char** argv) {
  const auto [size, threads] = kernel::arguments(argc, argv, 1 << 15);
  Portfolio all(size);
  kernel::in_parallel(threads, [&](unsigned me) {
    const kernel::Slice mine = kernel::slice(all.price.size(), me, threads);
    for (int round = 0; round < kRounds; ++round) {
      for (std::size_t i = mine.begin; i < mine.end; ++i) {
        all.price[i] = price_of(all, i);
      }
    }
  });
  kernel::Checksum checksum;
  double sum = 0;
  for (std::size_t i = 0; i + 1 < size; i += 2) {
    const double forward = all.spot[i] - all.strike[i] * std::exp(-all.rate[i] * all.years[i]);
    kernel::require(std::abs(all.price[i] - all.price[i + 1] - forward) < 1e-9, "call - put is not the forward");
    sum += all.price[i];
    if (i % 1024 == 0) {
      checksum.add_rounded(sum);
    }
  }
  checksum.print();
}
