// SPDX-License-Identifier: Apache-2.0
// Streams, whose work is done in libstdc++.so: two threads on one stream, or on what is read into and written from, are
// a race. A stream for each, a lock, and the standard streams are none.
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
#include <streambuf>
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

std::mutex lock;

// A buffer made for several threads: each has a stream of its own on it.
class Log : public std::streambuf {
 public:
  std::size_t size() const { return text_.size(); }

 private:
  int_type overflow(int_type letter) override {
    const std::lock_guard guard(lock);
    text_.push_back(static_cast<char>(letter));
    return letter;
  }
  std::streamsize xsputn(const char* letters, std::streamsize count) override {
    const std::lock_guard guard(lock);
    text_.append(letters, static_cast<std::size_t>(count));
    return count;
  }

  std::string text_;
};

#ifdef CLEAN
void print(int number) {
  for (int count = 0; count < 20; ++count) {
    std::cout << "number " << std::setw(4) << std::setfill('0') << std::hex << number << '\n' << std::flush;
    std::clog << 1.5 << std::endl;
    std::cerr.write("", 0);
  }
}

int main() {
  Log log;
  std::ostringstream shared;
  std::string word;
  std::istringstream words("some words and more");
  const auto own = [&](int number) {
    std::ostringstream out;
    out << "mine " << number << ' ' << 0.5;
    std::istringstream in(out.str());
    std::string mine;
    in >> mine >> number;
    std::getline(in, mine);
    std::ostream logger(&log);
    logger << "own " << number << '\n';
    const std::lock_guard guard(lock);
    shared << number << mine;
    words >> word;
  };
  both([&] { own(1); }, [&] { own(2); });
  both([] { print(1); }, [] { print(2); });
  std::string line;
  both(
      [] {
        std::string mine;
        std::getline(std::cin, mine);
      },
      [&] { std::cin >> line; });
  return shared.str().empty() || word.empty() || log.size() != 12;
}
#else
int main() {
  std::ostringstream number;
  std::ostringstream text;
  std::ostringstream letters;
  std::ostringstream looked_at;
  std::ofstream file("/dev/null");
  std::istringstream words("some words and more");
  std::istringstream lines("one\ntwo\nthree\n");
  std::string line = "a text";
  std::string shown = "a text";
  char name[8] = "name";
  int read = 0;
  std::istringstream numbers("1 2 3 4");
  std::string first;
  std::string second;
  std::size_t seen = 0;
  both([&] { number << 1; }, [&] { number << 2.5; });                      // CHECK-DAG: data race {{.*}}: number is
  both([&] { text << "one"; }, [&] { text << std::string("two"); });       // CHECK-DAG: data race {{.*}}: text is
  both([&] { letters.put('a'); }, [&] { letters.write("bc", 2); });        // CHECK-DAG: data race {{.*}}: letters is
  both([&] { looked_at << 7; }, [&] { seen += looked_at.str().size(); });  // CHECK-DAG: data race {{.*}}: looked_at is
  both([&] { file << "one"; }, [&] { file << 2; });                        // CHECK-DAG: data race {{.*}}: file is
  both([&] { words >> first; }, [&] { words >> second; });                 // CHECK-DAG: data race {{.*}}: words is
  both([&] { std::getline(lines, first); }, [&] { lines.get(); });         // CHECK-DAG: data race {{.*}}: lines is
  std::istringstream source("a line\nand more");
  both([&] { std::getline(source, line); }, [&] { seen += line.size(); });  // CHECK-DAG: data race {{.*}}: line is
  std::ostringstream out;
  both([&] { out << shown; }, [&] { shown[0] = 'b'; });  // CHECK-DAG: reads at {{.*}}.cc:[[#@LINE]]
  both([&] { out << static_cast<const char*>(name); }, [&] { name[3] = 'b'; });  // CHECK-DAG: data race {{.*}}: name
  both([&] { numbers >> read; },
       [&] { seen += static_cast<std::size_t>(read); });  // CHECK-DAG: data race {{.*}}: read is
  return seen == 12345 ? 1 : 0;
  // CHECK: 11 findings
}
#endif
