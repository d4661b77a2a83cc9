// SPDX-License-Identifier: Apache-2.0
// Streams of wide characters, and what is done to a stream besides output: a flush, a manipulator. Two threads on one
// stream are a race; a stream for each, a lock, and the standard streams are none.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// RUN: %gordian_cxx -O0 %s -o %t.plain
// RUN: %gordian_run 66 %t.plain | FileCheck %s
// RUN: %gordian_cxx -O1 -DCLEAN %s -o %t.clean
// RUN: %gordian_run 0 %t.clean | FileCheck %s --check-prefix=CLEAN
// RUN: %gordian_cxx -O0 -DCLEAN %s -o %t.clean_plain
// RUN: %gordian_run 0 %t.clean_plain | FileCheck %s --check-prefix=CLEAN
// CLEAN: no findings
#define STEP_PLAIN
#include <fstream>
#include <iomanip>
#include <iostream>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>

#include "support/step.h"

template <class First, class Second>
void both(First first, Second second) {
  step::Meeting meeting(2);
  std::thread one([&] {
    meeting.arrive();
    first();
  });
  std::thread other([&] {
    meeting.arrive();
    second();
  });
  one.join();
  other.join();
}

#ifdef CLEAN
std::mutex lock;
std::wostringstream shared;

void print(int number) {
  std::wostringstream out;
  out << std::hex << std::setw(5) << number << L" wide " << 1.5 << std::flush << std::endl;
  std::wistringstream in(out.str());
  std::wstring word;
  in >> number >> word;
  std::wcout << std::hex << std::setw(4) << number << word << std::flush << std::endl;
  std::wclog << std::setprecision(3) << 2.5 << std::endl;
  std::cout << std::oct << std::setprecision(2) << std::flush;
  std::cout.precision(4);
  std::cerr.flush();
  const std::lock_guard guard(lock);
  shared << std::setw(number & 3) << std::hex << word << std::flush;
}

int main() {
  both([] { print(1); }, [] { print(2); });
  std::ofstream file("/dev/null");  // nothing in it: both only look
  both([&] { file.flush(); }, [&] { file << std::flush; });
  std::ostringstream text;  // there is nowhere to write it
  both([&] { text.flush(); }, [&] { text << std::flush; });
  return shared.str().empty();
}
#else
int main() {
  std::wostringstream number;
  std::wostringstream words;
  std::wofstream file("/dev/null");
  std::wistringstream from(L"some words and more");
  std::wistringstream lines(L"one\ntwo\n");
  std::wstring first;
  std::wstring second;
  std::wstring shown = L"a text";
  wchar_t name[8] = L"name";
  both([&] { number << 1; }, [&] { number << 2.5; });               // CHECK-DAG: data race {{.*}}: number is
  both([&] { words << L"one"; }, [&] { words.put(L'a'); });         // CHECK-DAG: data race {{.*}}: words is
  both([&] { file << "one"; }, [&] { file << std::endl; });         // CHECK-DAG: data race {{.*}}: file is
  both([&] { from >> first; }, [&] { from >> second; });            // CHECK-DAG: data race {{.*}}: from is
  both([&] { std::getline(lines, first); }, [&] { lines.get(); });  // CHECK-DAG: data race {{.*}}: lines is
  std::wostringstream out;
  both([&] { out << shown; }, [&] { shown[0] = L'b'; });  // CHECK-DAG: reads at {{.*}}.cc:[[#@LINE]]
  both([&] { out << name; }, [&] { name[3] = L'b'; });    // CHECK-DAG: data race {{.*}}: name
  std::ofstream flushed("/dev/null");
  flushed << "one";
  both([&] { flushed.flush(); }, [&] { flushed << std::flush; });  // CHECK-DAG: data race {{.*}}: flushed is
  std::ofstream put("/dev/null");
  both([&] { put << std::flush; }, [&] { put.put('a'); });  // CHECK-DAG: data race {{.*}}: put is
  std::ostringstream hex;
  both([&] { hex << std::hex; }, [&] { hex << std::oct; });  // CHECK-DAG: data race {{.*}}: hex is
  std::ostringstream based;
  both([&] { based << std::hex; }, [&] { based << 5; });  // CHECK-DAG: data race {{.*}}: based is
  std::ostringstream narrow;
  both([&] { narrow << std::setw(3); }, [&] { narrow << "one"; });  // CHECK-DAG: data race {{.*}}: narrow is
  std::ostringstream exact;
  both([&] { exact << std::setprecision(3); }, [&] { exact << 1.5; });  // CHECK-DAG: data race {{.*}}: exact is
  std::istringstream bytes("some bytes");
  char buffer[8] = "";
  int seen = 0;
  both([&] { bytes.read(buffer, 4); }, [&] { seen += buffer[3]; });  // CHECK-DAG: data race {{.*}}: buffer
  return seen == 12345 ? 1 : 0;
  // CHECK: 14 findings
}
#endif
