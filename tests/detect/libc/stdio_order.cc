// SPDX-License-Identifier: Apache-2.0
// A pipe with the C library's streams on both ends: what was written before the line is read behind it. So it is if
// sendfile fills the pipe. Who does not wait for the line races.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// RUN: %gordian_cxx -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 %s -o %t.fortified
// RUN: %gordian_run 0 %t.fortified | FileCheck %s
// RUN: %gordian_cxx -O1 -DEARLY %s -o %t.early
// RUN: %gordian_run 66 %t.early | FileCheck %s --check-prefix=EARLY
// CHECK: no findings
// EARLY-DAG: data race {{.*}}: printed is
// EARLY-DAG: data race {{.*}}: put is
// EARLY-DAG: data race {{.*}}: sent is
#include <sys/sendfile.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

#include "support/step.h"

int printed = 0;
int put = 0;
int sent = 0;
step::Meeting read_printed(2);  // what comes later orders nothing before it
step::Meeting read_put(2);

void print(FILE* to) {
  std::fprintf(to, "%d %s\n", 42, "printed");
  printed = 1;
  std::fflush(nullptr);  // all streams: only now the line is written
}
void write_block(FILE* to) {
  put = 1;
  std::fwrite("a block\n", 1, 8, to);
  std::fflush(to);
}
void send(int file, int to) {
  sent = 1;
  off_t from = 0;
  if (sendfile(to, file, &from, 5) != 5) {
    std::abort();
  }
}

int wait_for_line(FILE* from, const int& what) {
  char line[32];
  if (std::fgets(line, sizeof(line), from) == nullptr) {
    std::abort();
  }
  return what;
}

int main() {
  int ends[2];
  FILE* file = tmpfile();
  if (pipe(ends) != 0 || file == nullptr || std::fputs("sent\n", file) < 0 || std::fflush(file) != 0) {
    return 1;
  }
  FILE* from = fdopen(ends[0], "r");
  FILE* to = fdopen(ends[1], "w");
  int seen = 0;
  std::thread reader([&] {
#ifdef EARLY
    seen = printed + put + sent;
#endif
    seen += wait_for_line(from, printed);
    read_printed.arrive();
    seen += wait_for_line(from, put);
    read_put.arrive();
    seen += wait_for_line(from, sent);
  });
  print(to);
  read_printed.arrive();
  write_block(to);
  read_put.arrive();
  send(fileno(file), ends[1]);
  reader.join();
  return seen >= 3 ? 0 : 1;
}
