// SPDX-License-Identifier: Apache-2.0
// Stands for the gordian command when a program starts its own drainer: `drainer drain DESCRIPTOR -o FILE`.
#include <cstdlib>
#include <cstring>

#include "analyzer/launch/session.h"

int main(int argc, char** argv) {
  if (argc != 5 || std::strcmp(argv[1], "drain") != 0 || std::strcmp(argv[3], "-o") != 0) {
    return 2;
  }
  return gordian::analysis::drain_connection(std::atoi(argv[2]), {.output = argv[4]}, false) ? 0 : 1;
}
