// SPDX-License-Identifier: Apache-2.0
// The other half of main.cc: both are instrumented, linked once.
int part = 0;
int next() { return ++part; }
