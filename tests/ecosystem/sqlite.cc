// SPDX-License-Identifier: Apache-2.0
// SQLite: a database in memory for each thread, and one that all share through one connection. What happens to its rows
// is counted by a hook of the program without a lock of its own: the connection's orders the calls.
// RACE: the threads count rows in one variable.
#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#ifdef RACE
#include "support/step.h"
#endif

namespace {

#ifdef RACE
step::Meeting meeting(3);  // nothing orders what comes behind it
#endif

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
using Database = std::unique_ptr<sqlite3, Close>;

Database open() {
  sqlite3* database = nullptr;
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX;
  if (sqlite3_open_v2(":memory:", &database, kFlags, nullptr) != SQLITE_OK) {
    std::exit(1);
  }
  return Database(database);
}

void execute(const Database& database, const std::string& text) {
  if (sqlite3_exec(database.get(), text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    std::printf("%s\n", sqlite3_errmsg(database.get()));
  }
}

[[maybe_unused]] int all_rows = 0;

int count_row(void* rows, int, char** values, char**) {
  *static_cast<int*>(rows) += std::atoi(values[0]) > 0;
  return 0;
}

void count_change(void* changes, int, const char*, const char*, sqlite3_int64) { ++*static_cast<int*>(changes); }

int count(const Database& database, const std::string& query) {
  int rows = 0;
  sqlite3_exec(database.get(), query.c_str(), count_row, &rows, nullptr);
  return rows;
}

void fill(const Database& shared, int thread) {
  const Database own = open();
  execute(own, "create table numbers (value integer)");
  for (int number = 1; number <= 5; ++number) {
    const std::string value = std::to_string(thread * 10 + number);
    execute(own, "insert into numbers values (" + value + ")");
    execute(shared, "insert into results values (" + value + ")");
  }
  if (count(own, "select value from numbers") != 5) {
    std::exit(2);
  }
#ifdef RACE
  meeting.arrive();
  all_rows += 5;  // seeded
#endif
}

}  // namespace

int main() {
  const Database shared = open();
  execute(shared, "create table results (value integer)");
  int changes = 0;
  sqlite3_update_hook(shared.get(), count_change, &changes);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 3; ++thread) {
    threads.emplace_back([&, thread] { fill(shared, thread); });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  std::printf("%d %d\n", count(shared, "select value from results"), changes);
}
