// SPDX-License-Identifier: Apache-2.0
// Nothing but an owner for the headers that the unit tests share.
int main() {}
