// SPDX-License-Identifier: Apache-2.0
// A project of two files, as a build system compiles it.
int next();
int total;
int main() {
  total += next();
  return total - 1;
}
