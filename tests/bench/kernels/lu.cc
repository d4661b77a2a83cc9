// SPDX-License-Identifier: Apache-2.0
// LU factorisation of a dense SIZE x SIZE matrix in blocks that lie together in memory, without pivots (Woo et al.
// 1995). Threads own blocks in a chessboard; only a block's owner writes it. SIZE is a multiple of 16. Checked by
// solving for a known vector.
#include <array>
#include <barrier>

#include "tests/bench/kernels/kernel.h"

namespace {

constexpr std::size_t kSide = 16;

struct Block {
  std::array<std::array<double, kSide>, kSide> at;
};

class Matrix {
 public:
  explicit Matrix(std::size_t size) : blocks_(size / kSide), all_(blocks_ * blocks_) {}
  [[nodiscard]] std::size_t blocks() const { return blocks_; }
  [[nodiscard]] std::size_t size() const { return blocks_ * kSide; }
  Block& block(std::size_t row, std::size_t column) { return all_[row * blocks_ + column]; }
  double& at(std::size_t row, std::size_t column) {
    return block(row / kSide, column / kSide).at[row % kSide][column % kSide];
  }

 private:
  std::size_t blocks_;
  std::vector<Block> all_;
};

void factor(Block& diagonal) {
  auto& a = diagonal.at;
  for (std::size_t k = 0; k < kSide; ++k) {
    for (std::size_t i = k + 1; i < kSide; ++i) {
      a[i][k] /= a[k][k];
      for (std::size_t j = k + 1; j < kSide; ++j) {
        a[i][j] -= a[i][k] * a[k][j];
      }
    }
  }
}

// right = inverse of the diagonal's lower triangle * right
void solve_row(const Block& diagonal, Block& right) {
  for (std::size_t k = 0; k < kSide; ++k) {
    for (std::size_t i = k + 1; i < kSide; ++i) {
      for (std::size_t j = 0; j < kSide; ++j) {
        right.at[i][j] -= diagonal.at[i][k] * right.at[k][j];
      }
    }
  }
}

// below = below * inverse of the diagonal's upper triangle
void solve_column(const Block& diagonal, Block& below) {
  for (std::size_t i = 0; i < kSide; ++i) {
    for (std::size_t k = 0; k < kSide; ++k) {
      below.at[i][k] /= diagonal.at[k][k];
      for (std::size_t j = k + 1; j < kSide; ++j) {
        below.at[i][j] -= below.at[i][k] * diagonal.at[k][j];
      }
    }
  }
}

void update(Block& inner, const Block& left, const Block& above) {
  for (std::size_t i = 0; i < kSide; ++i) {
    for (std::size_t k = 0; k < kSide; ++k) {
      const double factor = left.at[i][k];
      for (std::size_t j = 0; j < kSide; ++j) {
        inner.at[i][j] -= factor * above.at[k][j];
      }
    }
  }
}

// Between the inner blocks of one step and the diagonal of the next no barrier is needed: both are their owner's.
void factor(Matrix& matrix, unsigned threads) {
  std::barrier<> barrier(threads);
  kernel::in_parallel(threads, [&](unsigned me) {
    const auto is_mine = [&](std::size_t row, std::size_t column) { return (row + column) % threads == me; };
    const std::size_t blocks = matrix.blocks();
    for (std::size_t k = 0; k < blocks; ++k) {
      Block& diagonal = matrix.block(k, k);
      if (is_mine(k, k)) {
        factor(diagonal);
      }
      barrier.arrive_and_wait();
      for (std::size_t i = k + 1; i < blocks; ++i) {
        if (is_mine(k, i)) {
          solve_row(diagonal, matrix.block(k, i));
        }
        if (is_mine(i, k)) {
          solve_column(diagonal, matrix.block(i, k));
        }
      }
      barrier.arrive_and_wait();
      for (std::size_t i = k + 1; i < blocks; ++i) {
        for (std::size_t j = k + 1; j < blocks; ++j) {
          if (is_mine(i, j)) {
            update(matrix.block(i, j), matrix.block(i, k), matrix.block(k, j));
          }
        }
      }
    }
  });
}

// Solves L U x = b in place.
void solve(Matrix& factors, std::vector<double>& x) {
  const std::size_t size = factors.size();
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      x[i] -= factors.at(i, j) * x[j];
    }
  }
  for (std::size_t i = size; i-- > 0;) {
    for (std::size_t j = i + 1; j < size; ++j) {
      x[i] -= factors.at(i, j) * x[j];
    }
    x[i] /= factors.at(i, i);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const auto [size, threads] = kernel::arguments(argc, argv, 256);
  kernel::require(size % kSide == 0, "SIZE is not a multiple of 16");
  kernel::Random random(2);
  Matrix matrix(size);
  std::vector<double> x(size);  // the matrix times a vector of ones
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < size; ++j) {
      matrix.at(i, j) = random.real() + (i == j ? static_cast<double>(size) : 0);  // dominated by its diagonal
      x[i] += matrix.at(i, j);
    }
  }
  factor(matrix, threads);
  kernel::Checksum checksum;
  for (std::size_t i = 0; i < size; ++i) {
    checksum.add_rounded(matrix.at(i, i));
  }
  solve(matrix, x);
  for (const double value : x) {
    kernel::require(std::abs(value - 1) < 1e-9, "the solution is not a vector of ones");
  }
  checksum.print();
}
