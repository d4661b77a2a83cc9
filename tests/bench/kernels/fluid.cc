// SPDX-License-Identifier: Apache-2.0
// Smoothed-particle hydrodynamics (Mueller 2003) of SIZE particles that fall into a box, with a lock per cell of the
// grid: each pair of particles is visited once, and what it gives to the other cell's particles is added under that
// cell's lock. Sums are kept in fixed point, so that the order in which threads come does not matter.
#include <barrier>
#include <mutex>

#include "tests/bench/kernels/kernel.h"

namespace {

constexpr int kSteps = 4;
constexpr double kTimeStep = 0.004;
constexpr double kRadius = 1;  // also the width of a cell
constexpr double kPerCell = 5;
constexpr double kRestDensity = 3;
constexpr double kStiffness = 4;
constexpr double kViscosity = 2;
constexpr double kGravity = -10;

// A sum whose result does not depend on the order.
class Fixed {
 public:
  void add(double value) { units_ += static_cast<std::int64_t>(value * kUnit); }
  [[nodiscard]] double value() const { return static_cast<double>(units_) / kUnit; }

 private:
  static constexpr double kUnit = 1 << 24;
  std::int64_t units_ = 0;
};

struct Particle {
  double x, y;
  double vx = 0, vy = 0;
  Fixed density{};
  Fixed ax{}, ay{};
};

struct Cell {
  std::mutex mutex;
  std::vector<std::uint32_t> particles;
};

class Fluid {
 public:
  explicit Fluid(std::size_t count)
      : side_(1 + static_cast<std::size_t>(std::sqrt(static_cast<double>(count) / kPerCell))), cells_(side_ * side_) {
    kernel::Random random(9);
    for (std::size_t i = 0; i < count; ++i) {
      particles_.push_back({.x = random.real() * width(), .y = random.real() * width()});
    }
  }

  void simulate(unsigned threads) {
    std::barrier<> barrier(threads);
    kernel::in_parallel(threads, [&](unsigned me) {
      const kernel::Slice mine = kernel::slice(particles_.size(), me, threads);
      const kernel::Slice rows = kernel::slice(side_, me, threads);
      for (int step = 0; step < kSteps; ++step) {
        clear(rows);
        barrier.arrive_and_wait();
        enter_cells(mine);
        barrier.arrive_and_wait();
        each_pair(rows, [](Particle& a, Particle& b, double distance) { add_density(a, b, distance); });
        barrier.arrive_and_wait();
        each_pair(rows, [](Particle& a, Particle& b, double distance) { add_forces(a, b, distance); });
        barrier.arrive_and_wait();
        for (std::size_t i = mine.begin; i < mine.end; ++i) {
          move(particles_[i]);
        }
        barrier.arrive_and_wait();
      }
    });
  }

  [[nodiscard]] const std::vector<Particle>& particles() const { return particles_; }
  [[nodiscard]] double width() const { return static_cast<double>(side_) * kRadius; }

 private:
  void clear(kernel::Slice rows) {
    for (std::size_t cell = rows.begin * side_; cell < rows.end * side_; ++cell) {
      cells_[cell].particles.clear();
    }
  }

  [[nodiscard]] std::size_t coordinate(double x) const {
    return std::min(side_ - 1, static_cast<std::size_t>(x / kRadius));
  }

  void enter_cells(kernel::Slice mine) {
    for (std::size_t i = mine.begin; i < mine.end; ++i) {
      Particle& particle = particles_[i];
      particle.density = particle.ax = particle.ay = Fixed{};
      Cell& cell = cells_[coordinate(particle.y) * side_ + coordinate(particle.x)];
      const std::scoped_lock guard(cell.mutex);
      cell.particles.push_back(static_cast<std::uint32_t>(i));
    }
  }

  // Within a cell and with the four neighbours that come after it in the grid.
  template <class Visit>
  void each_pair(kernel::Slice rows, const Visit& visit) {
    for (std::size_t row = rows.begin; row < rows.end; ++row) {
      for (std::size_t column = 0; column < side_; ++column) {
        Cell& cell = cells_[row * side_ + column];
        visit_pairs(cell, cell, visit);
        if (column + 1 < side_) {
          visit_pairs(cell, cells_[row * side_ + column + 1], visit);
        }
        for (std::size_t near = column == 0 ? 0 : column - 1; row + 1 < side_ && near <= column + 1 && near < side_;
             ++near) {
          visit_pairs(cell, cells_[(row + 1) * side_ + near], visit);
        }
      }
    }
  }

  // Both cells are locked while one particle of the first meets all of the second.
  template <class Visit>
  void visit_pairs(Cell& cell, Cell& other, const Visit& visit) {
    for (std::size_t i = 0; i < cell.particles.size(); ++i) {
      const std::unique_lock first(cell.mutex);
      const std::unique_lock second = &cell == &other ? std::unique_lock<std::mutex>() : std::unique_lock(other.mutex);
      Particle& a = particles_[cell.particles[i]];
      for (std::size_t j = &cell == &other ? i + 1 : 0; j < other.particles.size(); ++j) {
        Particle& b = particles_[other.particles[j]];
        const double square = (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
        if (square < kRadius * kRadius) {
          visit(a, b, std::sqrt(square));
        }
      }
    }
  }

  static void add_density(Particle& a, Particle& b, double distance) {
    const double near = kRadius * kRadius - distance * distance;
    a.density.add(near * near * near);
    b.density.add(near * near * near);
  }

  // Equal and opposite, so each is rounded once for both.
  static void add_forces(Particle& a, Particle& b, double distance) {
    const double pressure = kStiffness * (a.density.value() + b.density.value() - 2 * kRestDensity);
    const double near = kRadius - distance;
    const double push = pressure * near * near / (distance + 1e-6);
    const double fx = push * (a.x - b.x) + kViscosity * near * (b.vx - a.vx);
    const double fy = push * (a.y - b.y) + kViscosity * near * (b.vy - a.vy);
    a.ax.add(fx);
    a.ay.add(fy);
    b.ax.add(-fx);
    b.ay.add(-fy);
  }

  static void bounce(double& x, double& v, double width) {
    if (x < 0 || x >= width) {
      x = x < 0 ? 0 : width;
      v *= -0.5;
    }
  }

  void move(Particle& particle) const {
    particle.vx += particle.ax.value() * kTimeStep;
    particle.vy += (particle.ay.value() + kGravity) * kTimeStep;
    particle.x += particle.vx * kTimeStep;
    particle.y += particle.vy * kTimeStep;
    bounce(particle.x, particle.vx, width());
    bounce(particle.y, particle.vy, width());
  }

  std::size_t side_;  // in cells
  std::vector<Cell> cells_;
  std::vector<Particle> particles_;
};

}  // namespace

int main(int argc, char** argv) {
  const auto [size, threads] = kernel::arguments(argc, argv, 8192);
  Fluid fluid(size);
  fluid.simulate(threads);
  kernel::Checksum checksum;
  for (std::size_t i = 0; i < size; ++i) {
    const Particle& particle = fluid.particles()[i];
    kernel::require(particle.x >= 0 && particle.y >= 0 && particle.x <= fluid.width() && particle.y <= fluid.width(),
                    "a particle has left the box");
    if (i % (1 + size / 64) == 0) {
      checksum.add_rounded(particle.x);
      checksum.add_rounded(particle.y);
    }
  }
  checksum.print();
}
