// SPDX-License-Identifier: Apache-2.0
// A logger has a channel of lines. Nobody ever made it: a nil channel is never ready, and the first line waits for
// ever.
#include <gordian/gordian.h>

struct Logger {
  gordian::Chan<const char*> lines;  // nil until made
};

int main() {
  Logger logger;
  logger.lines.send("started");  // [1] into nothing
}
