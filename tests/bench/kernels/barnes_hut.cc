// SPDX-License-Identifier: Apache-2.0
// Gravity among SIZE bodies (Barnes, Hut 1986): an octree whose far cells act as one body. Threads build the subtrees
// of the octants that they own, then compute and move their slice of the bodies, reading all subtrees. Recursion over
// pointers, few loops.
#include <array>
#include <barrier>
#include <deque>
#include <utility>

#include "tests/bench/kernels/kernel.h"
#include "tests/bench/kernels/vec.h"

namespace {

constexpr int kSteps = 3;
constexpr double kTimeStep = 0.01;
constexpr double kOpening = 0.6;       // a cell is far if it is smaller than this times its distance
constexpr double kSoftening = 0.0025;  // squared
constexpr std::size_t kOctants = 8;

using kernel::Vec;

struct Body {
  Vec position;
  Vec velocity;
  double mass;
};

// A leaf holds one body, an inner cell up to eight children.
struct Cell {
  Vec centre{};
  double half = 0;  // of the side
  double mass = 0;
  Vec mass_centre{};
  const Body* body = nullptr;
  std::array<Cell*, kOctants> children{};
};

std::size_t octant(Vec centre, Vec position) {
  return static_cast<std::size_t>((position.x > centre.x) + 2 * (position.y > centre.y) + 4 * (position.z > centre.z));
}

Vec centre_of(const Cell& cell, std::size_t octant) {
  const double quarter = cell.half / 2;
  return cell.centre +
         Vec{octant & 1 ? quarter : -quarter, octant & 2 ? quarter : -quarter, octant & 4 ? quarter : -quarter};
}

using Cells = std::deque<Cell>;  // of one thread; cells stay where they are

void insert(Cells& cells, Cell& cell, const Body& body);

void insert_below(Cells& cells, Cell& cell, const Body& body) {
  const std::size_t which = octant(cell.centre, body.position);
  if (Cell* const child = cell.children[which]; child != nullptr) {
    insert(cells, *child, body);
    return;
  }
  cell.children[which] =
      &cells.emplace_back(Cell{.centre = centre_of(cell, which), .half = cell.half / 2, .body = &body});
}

void insert(Cells& cells, Cell& cell, const Body& body) {
  if (cell.body != nullptr) {
    insert_below(cells, cell, *std::exchange(cell.body, nullptr));
  }
  insert_below(cells, cell, body);
}

void sum_up(Cell& cell) {
  if (cell.body != nullptr) {
    cell.mass = cell.body->mass;
    cell.mass_centre = cell.body->position;
    return;
  }
  Vec moment;
  for (Cell* const child : cell.children) {
    if (child != nullptr) {
      sum_up(*child);
      cell.mass += child->mass;
      moment = moment + child->mass_centre * child->mass;
    }
  }
  cell.mass_centre = moment * (1 / cell.mass);
}

Vec pull(const Cell& cell, const Body& body) {
  const Vec way = cell.mass_centre - body.position;
  const double distance = square(way) + kSoftening;
  if (cell.body != nullptr || 4 * cell.half * cell.half < kOpening * kOpening * distance) {
    return cell.body == &body ? Vec{} : way * (cell.mass / (distance * std::sqrt(distance)));
  }
  Vec sum;
  for (const Cell* const child : cell.children) {
    if (child != nullptr) {
      sum = sum + pull(*child, body);
    }
  }
  return sum;
}

double reach_of(const std::vector<Body>& bodies) {
  double reach = 0;
  for (const Body& body : bodies) {
    reach = std::max({reach, std::abs(body.position.x), std::abs(body.position.y), std::abs(body.position.z)});
  }
  return reach;
}

void simulate(std::vector<Body>& bodies, unsigned threads) {
  std::array<Cell, kOctants> octants;
  std::vector<Vec> pulls(bodies.size());
  std::barrier<> barrier(threads);
  kernel::in_parallel(threads, [&](unsigned me) {
    const kernel::Slice mine = kernel::slice(bodies.size(), me, threads);
    for (int step = 0; step < kSteps; ++step) {
      const Cell space{.half = reach_of(bodies)};
      Cells cells;
      for (std::size_t which = me; which < kOctants; which += threads) {
        octants[which] = Cell{.centre = centre_of(space, which), .half = space.half / 2};
      }
      for (const Body& body : bodies) {
        if (const std::size_t which = octant(space.centre, body.position); which % threads == me) {
          insert_below(cells, octants[which], body);
        }
      }
      for (std::size_t which = me; which < kOctants; which += threads) {
        sum_up(octants[which]);
      }
      barrier.arrive_and_wait();
      for (std::size_t i = mine.begin; i < mine.end; ++i) {
        pulls[i] = Vec{};
        for (const Cell& cell : octants) {
          pulls[i] = pulls[i] + (cell.mass > 0 ? pull(cell, bodies[i]) : Vec{});
        }
      }
      barrier.arrive_and_wait();
      for (std::size_t i = mine.begin; i < mine.end; ++i) {
        bodies[i].velocity = bodies[i].velocity + pulls[i] * kTimeStep;
        bodies[i].position = bodies[i].position + bodies[i].velocity * kTimeStep;
      }
      barrier.arrive_and_wait();
    }
  });
}

}  // namespace

int main(int argc, char** argv) {
  const auto [size, threads] = kernel::arguments(argc, argv, 4096);
  kernel::Random random(5);
  std::vector<Body> bodies(size);
  for (Body& body : bodies) {  // a ball that is denser inside
    const Vec direction{random.real(-1, 1), random.real(-1, 1), random.real(-1, 1)};
    body = {direction * random.real(), Vec{direction.y, -direction.x, 0},
            random.real(0.5, 1.5) / static_cast<double>(size)};
  }
  simulate(bodies, threads);
  Vec momentum;
  kernel::Checksum checksum;
  for (std::size_t i = 0; i < size; ++i) {
    momentum = momentum + bodies[i].velocity * bodies[i].mass;
    if (i % (1 + size / 64) == 0) {
      checksum.add_rounded(bodies[i].position.x + bodies[i].position.y + bodies[i].position.z);
    }
  }
  kernel::require(square(momentum) < 0.1, "the whole has begun to move");
  checksum.print();
}
