// SPDX-License-Identifier: Apache-2.0
// A liquid of SIZE^3 atoms in a periodic box under the Lennard-Jones potential. Cells as wide as the cut-off are filled
// anew in each step by thread 0; each thread computes the forces on its slice of the atoms from the 27 cells around
// them, then moves them.
#include <array>
#include <barrier>

#include "tests/bench/kernels/kernel.h"
#include "tests/bench/kernels/vec.h"

namespace {

constexpr int kSteps = 5;
constexpr double kTimeStep = 0.002;
constexpr double kDensity = 0.8;
constexpr double kCutOff = 2.5;

using kernel::Vec;

class Liquid {
 public:
  explicit Liquid(std::size_t atoms_per_side)
      : side_(static_cast<double>(atoms_per_side) / std::cbrt(kDensity)),
        cells_per_side_(std::max<std::size_t>(3, static_cast<std::size_t>(side_ / kCutOff))),
        first_(cells_per_side_ * cells_per_side_ * cells_per_side_ + 1) {
    kernel::Random random(6);
    const double spacing = side_ / static_cast<double>(atoms_per_side);
    const auto shaken = [&](std::size_t i) { return (static_cast<double>(i) + random.real(0.4, 0.6)) * spacing; };
    for (std::size_t i = 0; i < atoms_per_side * atoms_per_side * atoms_per_side; ++i) {
      positions_.push_back({shaken(i % atoms_per_side), shaken(i / atoms_per_side % atoms_per_side),
                            shaken(i / atoms_per_side / atoms_per_side)});
      velocities_.push_back({random.real(-1, 1), random.real(-1, 1), random.real(-1, 1)});
    }
    forces_.resize(positions_.size());
    order_.resize(positions_.size());
  }

  // Returns the potential energy of the last step, which each pair has counted twice.
  double simulate(unsigned threads) {
    std::vector<double> energies(threads);
    std::barrier<> barrier(threads);
    kernel::in_parallel(threads, [&](unsigned me) {
      const kernel::Slice mine = kernel::slice(positions_.size(), me, threads);
      for (int step = 0; step < kSteps; ++step) {
        if (me == 0) {
          fill_cells();
        }
        barrier.arrive_and_wait();
        double energy = 0;
        for (std::size_t i = mine.begin; i < mine.end; ++i) {
          energy += force_on(order_[i]);
        }
        energies[me] = energy;
        barrier.arrive_and_wait();
        for (std::size_t i = mine.begin; i < mine.end; ++i) {
          move(i);
        }
        barrier.arrive_and_wait();
      }
    });
    double sum = 0;
    for (const double energy : energies) {
      sum += energy;
    }
    return sum / 2;
  }

  [[nodiscard]] double kinetic_energy() const {
    double sum = 0;
    for (const Vec& velocity : velocities_) {
      sum += square(velocity) / 2;
    }
    return sum;
  }
  [[nodiscard]] const std::vector<Vec>& positions() const { return positions_; }

 private:
  [[nodiscard]] std::size_t cell_coordinate(double x) const {
    return std::min(cells_per_side_ - 1, static_cast<std::size_t>(x / side_ * static_cast<double>(cells_per_side_)));
  }
  [[nodiscard]] std::size_t cell_at(std::size_t x, std::size_t y, std::size_t z) const {
    return (z * cells_per_side_ + y) * cells_per_side_ + x;
  }
  [[nodiscard]] std::size_t cell_of(const Vec& position) const {
    return cell_at(cell_coordinate(position.x), cell_coordinate(position.y), cell_coordinate(position.z));
  }

  // Counting sort: the atoms of cell c are order_[first_[c]] ... order_[first_[c + 1] - 1].
  void fill_cells() {
    std::fill(first_.begin(), first_.end(), 0);
    for (const Vec& position : positions_) {
      ++first_[cell_of(position)];
    }
    std::uint32_t place = 0;
    for (std::uint32_t& first : first_) {
      place += first;
      first = place;
    }
    for (std::size_t i = positions_.size(); i-- > 0;) {
      order_[--first_[cell_of(positions_[i])]] = static_cast<std::uint32_t>(i);
    }
  }

  [[nodiscard]] double nearest(double difference) const {
    return difference > side_ / 2 ? difference - side_ : difference < -side_ / 2 ? difference + side_ : difference;
  }

  double force_on(std::size_t atom) {
    const std::size_t n = cells_per_side_;
    const Vec position = positions_[atom];
    const std::array<std::size_t, 3> own{cell_coordinate(position.x), cell_coordinate(position.y),
                                         cell_coordinate(position.z)};
    Vec force;
    double energy = 0;
    for (std::size_t near = 0; near < 27; ++near) {
      const std::size_t cell = cell_at((own[0] + n - 1 + near % 3) % n, (own[1] + n - 1 + near / 3 % 3) % n,
                                       (own[2] + n - 1 + near / 9) % n);
      for (std::uint32_t i = first_[cell]; i < first_[cell + 1]; ++i) {
        const std::size_t other = order_[i];
        const Vec apart = position - positions_[other];
        const Vec way{nearest(apart.x), nearest(apart.y), nearest(apart.z)};
        const double distance = square(way);
        if (other != atom && distance < kCutOff * kCutOff) {
          const double inverse = 1 / distance;
          const double sixth = inverse * inverse * inverse;
          energy += 4 * sixth * (sixth - 1);
          force = force + way * (48 * inverse * sixth * (sixth - 0.5));
        }
      }
    }
    forces_[atom] = force;
    return energy;
  }

  [[nodiscard]] double inside(double x) const { return x < 0 ? x + side_ : x >= side_ ? x - side_ : x; }

  void move(std::size_t atom) {
    velocities_[atom] = velocities_[atom] + forces_[atom] * kTimeStep;
    const Vec moved = positions_[atom] + velocities_[atom] * kTimeStep;
    positions_[atom] = {inside(moved.x), inside(moved.y), inside(moved.z)};
  }

  double side_;
  std::size_t cells_per_side_;
  std::vector<std::uint32_t> first_;
  std::vector<std::uint32_t> order_;
  std::vector<Vec> positions_;
  std::vector<Vec> velocities_;
  std::vector<Vec> forces_;
};

}  // namespace

int main(int argc, char** argv) {
  const auto [size, threads] = kernel::arguments(argc, argv, 16);
  Liquid liquid(size);
  const double before = liquid.kinetic_energy();
  const double potential = liquid.simulate(threads);
  kernel::require(potential < 0, "the atoms do not attract each other");
  kernel::require(std::abs(liquid.kinetic_energy() - before) < std::abs(potential), "energy comes from nowhere");
  kernel::Checksum checksum;
  checksum.add_rounded(potential);
  for (std::size_t i = 0; i < liquid.positions().size(); i += 1 + liquid.positions().size() / 64) {
    checksum.add_rounded(liquid.positions()[i].x + liquid.positions()[i].y + liquid.positions()[i].z);
  }
  checksum.print();
}
