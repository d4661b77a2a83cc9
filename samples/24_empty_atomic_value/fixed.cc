// SPDX-License-Identifier: Apache-2.0
// A student without grades is stored before anybody loads one.
#include <gordian/gordian.h>

#include <cstdio>
#include <map>
#include <string>

struct Student {
  std::map<std::string, int> grade;
};

int main() {
  gordian::AtomicValue current;
  current.store(Student{});
  auto student = current.load<Student>();
  student.grade["intro to prog"] = 60;
  std::printf("%d\n", student.grade["intro to prog"]);
}
