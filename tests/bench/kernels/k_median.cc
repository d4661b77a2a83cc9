// SPDX-License-Identifier: Apache-2.0
// Clusters SIZE points of 32 dimensions around k medians by local search (Charikar, Guha 1999): a random point is made
// a centre if that costs less than it saves, and centres that are not worth their price any more are closed. Threads
// own slices of the points and add up savings of their own, thread 0 decides between two barriers.
#include <array>
#include <barrier>

#include "tests/bench/kernels/kernel.h"

namespace {

constexpr std::size_t kDimensions = 32;
constexpr std::size_t kClusters = 20;  // that the points are made around
constexpr std::size_t kCandidates = 60;

struct Point {
  std::array<float, kDimensions> at;
};

float distance(const Point& a, const Point& b) {
  float sum = 0;
  for (std::size_t i = 0; i < kDimensions; ++i) {
    sum += (a.at[i] - b.at[i]) * (a.at[i] - b.at[i]);
  }
  return sum;
}

class Clustering {
 public:
  Clustering(std::vector<Point> points, unsigned threads)
      : points_(std::move(points)),
        threads_(threads),
        barrier_(threads),
        price_(0.05 * static_cast<double>(points_.size())),
        centre_of_(points_.size(), 0),
        costs_(points_.size()),
        goes_(points_.size()),
        tallies_(threads, Tally{0, std::vector<double>(points_.size())}),
        is_closed_(points_.size()) {
    for (std::size_t i = 0; i < points_.size(); ++i) {
      costs_[i] = distance(points_[i], points_[0]);
    }
    centres_.push_back(0);
  }

  void search() {
    kernel::in_parallel(threads_, [this](unsigned me) {
      kernel::Random random(7);  // all threads draw the same candidates
      for (std::size_t round = 0; round < kCandidates; ++round) {
        const std::size_t candidate = random.below(points_.size());
        weigh(candidate, me);
        barrier_.arrive_and_wait();
        if (me == 0) {
          decide(candidate);
        }
        barrier_.arrive_and_wait();
        if (opens_) {
          move_to(candidate, me);
        }
        barrier_.arrive_and_wait();
      }
    });
  }

  [[nodiscard]] double cost() const {
    double sum = price_ * static_cast<double>(centres_.size());
    for (const float cost : costs_) {
      sum += cost;
    }
    return sum;
  }
  [[nodiscard]] const std::vector<std::size_t>& centres() const { return centres_; }

 private:
  struct Tally {
    double saved;                // by points for which the candidate is nearer
    std::vector<double> losses;  // per centre: what its other points would lose if it closed
  };

  void weigh(std::size_t candidate, unsigned me) {
    Tally& tally = tallies_[me];
    tally.saved = 0;
    for (const std::size_t centre : centres_) {
      tally.losses[centre] = 0;
    }
    const Point& target = points_[candidate];
    const kernel::Slice mine = kernel::slice(points_.size(), me, threads_);
    for (std::size_t i = mine.begin; i < mine.end; ++i) {
      const float cost = distance(points_[i], target);
      goes_[i] = cost < costs_[i];
      if (goes_[i]) {
        tally.saved += costs_[i] - cost;
      } else {
        tally.losses[centre_of_[i]] += cost - costs_[i];
      }
    }
  }

  void decide(std::size_t candidate) {
    double gain = -price_;
    for (const Tally& tally : tallies_) {
      gain += tally.saved;
    }
    std::vector<std::size_t> stay;
    for (const std::size_t centre : centres_) {
      double loss = 0;
      for (const Tally& tally : tallies_) {
        loss += tally.losses[centre];
      }
      is_closed_[centre] = loss < price_;
      if (is_closed_[centre]) {
        gain += price_ - loss;
      } else {
        stay.push_back(centre);
      }
    }
    opens_ = gain > 0;
    if (opens_) {
      centres_ = std::move(stay);
      centres_.push_back(candidate);
    }
  }

  void move_to(std::size_t candidate, unsigned me) {
    const kernel::Slice mine = kernel::slice(points_.size(), me, threads_);
    for (std::size_t i = mine.begin; i < mine.end; ++i) {
      if (goes_[i] || is_closed_[centre_of_[i]]) {
        centre_of_[i] = candidate;
        costs_[i] = distance(points_[i], points_[candidate]);
      }
    }
  }

  std::vector<Point> points_;
  unsigned threads_;
  std::barrier<> barrier_;
  double price_;  // of a centre
  std::vector<std::size_t> centres_;
  std::vector<std::size_t> centre_of_;
  std::vector<float> costs_;
  std::vector<char> goes_;
  std::vector<Tally> tallies_;
  std::vector<char> is_closed_;
  bool opens_ = false;
};

std::vector<Point> make_points(std::size_t size) {
  kernel::Random random(8);
  std::array<Point, kClusters> middles;
  for (Point& middle : middles) {
    for (float& x : middle.at) {
      x = static_cast<float>(random.real());
    }
  }
  std::vector<Point> points(size);
  for (Point& point : points) {
    point = middles[random.below(kClusters)];
    for (float& x : point.at) {
      x += static_cast<float>(random.real(-0.1, 0.1));
    }
  }
  return points;
}

}  // namespace

int main(int argc, char** argv) {
  const auto [size, threads] = kernel::arguments(argc, argv, 4096);
  Clustering clustering(make_points(size), threads);
  const double before = clustering.cost();
  clustering.search();
  kernel::require(clustering.cost() < before, "clustering costs more than one cluster");
  kernel::Checksum checksum;
  checksum.add_rounded(clustering.cost());
  for (const std::size_t centre : clustering.centres()) {
    checksum.add(centre);
  }
  checksum.print();
}
