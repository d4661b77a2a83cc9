// SPDX-License-Identifier: Apache-2.0
// Points and velocities in space, for the kernels that move bodies.
#pragma once

namespace kernel {

struct Vec {
  double x = 0;
  double y = 0;
  double z = 0;
};
inline Vec operator+(Vec a, Vec b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
inline Vec operator-(Vec a, Vec b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
inline Vec operator*(Vec a, double f) { return {a.x * f, a.y * f, a.z * f}; }
inline double square(Vec a) { return a.x * a.x + a.y * a.y + a.z * a.z; }

}  // namespace kernel
