// SPDX-License-Identifier: Apache-2.0
#include "part.h"

static int counted = 0;

void count_visitors(int visitors) {
  for (int i = 0; i < visitors; ++i) {
    ++counted;
  }
}

int visitors_counted() { return counted; }
