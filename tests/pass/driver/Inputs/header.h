// SPDX-License-Identifier: Apache-2.0
// A header on the command line is passed on untouched.
static inline int twice(int x) { return 2 * x; }
