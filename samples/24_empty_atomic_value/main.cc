// SPDX-License-Identifier: Apache-2.0
// The current student is loaded before any was stored: there is no value yet, and no type that it could have.
#include <gordian/gordian.h>

#include <cstdio>
#include <map>
#include <string>

struct Student {
  std::map<std::string, int> grade;
};

int main() {
  gordian::AtomicValue current;
  auto student = current.load<Student>();
  student.grade["intro to prog"] = 60;
  std::printf("%d\n", student.grade["intro to prog"]);
}
