// SPDX-License-Identifier: Apache-2.0
// One query for each region of a shop, in parallel, each on a connection of its own to one database in memory. SQLite
// blocks its thread, so the goroutines call it in blocking(). What they find they send to the one that adds.
#include <gordian/gordian.h>
#include <sqlite3.h>

#include <cstdio>
#include <string>

constexpr char kDatabase[] = "file:shop?mode=memory&cache=shared";
constexpr int kRegions = 4;

class Connection {
 public:
  Connection() {
    sqlite3_open_v2(kDatabase, &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI, nullptr);
  }
  ~Connection() { sqlite3_close(handle_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // The number in the first column of the first row; 0 if there is none.
  long ask(const std::string& query) {
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(handle_, query.c_str(), -1, &statement, nullptr);
    const long number = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return number;
  }

 private:
  sqlite3* handle_ = nullptr;
};

long revenue_of(int region) {
  return gordian::blocking(
      [=] { return Connection().ask("SELECT SUM(amount) FROM sales WHERE region = " + std::to_string(region)); });
}

int main() {
  Connection shop;
  shop.ask("CREATE TABLE sales(region INTEGER, amount INTEGER)");
  for (int i = 0; i < 40; ++i) {
    shop.ask("INSERT INTO sales VALUES(" + std::to_string(i % kRegions) + ", " + std::to_string(i) + ")");
  }

  const auto answers = gordian::make_chan<long>();
  for (int region = 0; region < kRegions; ++region) {
    gordian::go([=] { answers.send(revenue_of(region)); });
  }
  long revenue = 0;
  for (int region = 0; region < kRegions; ++region) {
    revenue += answers.recv();
  }
  std::printf("revenue %ld\n", revenue);
}
