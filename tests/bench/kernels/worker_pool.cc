// SPDX-License-Identifier: Apache-2.0
// Counts words in SIZE bytes of text: a channel of jobs, four goroutines that count each in a table of its own and add
// that to the common one under a lock, a WaitGroup. Needs Gordian's runtime, so there is no build for ThreadSanitizer.
#include <gordian/gordian.h>

#include <map>
#include <mutex>
#include <unordered_map>

#include "tests/bench/kernels/text.h"

namespace {

constexpr std::size_t kJob = 16 * 1024;
constexpr int kWorkers = 4;
constexpr std::int64_t kBuffered = 16;

using Counts = std::unordered_map<std::string_view, std::uint64_t>;

struct Totals {
  gordian::Mutex mutex;
  std::map<std::string, std::uint64_t, std::less<>> counts;
};

Counts count_words(std::string_view text) {
  Counts counts;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    if (!word.empty()) {
      ++counts[word];
    }
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return counts;
}

void work(const gordian::RecvChan<std::string_view>& jobs, Totals& totals) {
  for (const std::string_view job : jobs) {
    const Counts counts = count_words(job);
    const std::scoped_lock guard(totals.mutex);
    for (const auto& [word, count] : counts) {
      const auto found = totals.counts.find(word);
      if (found == totals.counts.end()) {
        totals.counts.emplace(word, count);
      } else {
        found->second += count;
      }
    }
  }
}

void cut(std::string_view text, const gordian::SendChan<std::string_view>& jobs) {
  while (!text.empty()) {
    const std::size_t end = text.find(' ', std::min(kJob, text.size()));  // never within a word
    jobs.send(text.substr(0, end));
    text.remove_prefix(std::min(end, text.size()));
  }
  jobs.close();
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t size = kernel::arguments(argc, argv, 1 << 20).size;
  const std::string text = kernel::make_text(size, 16, 10);
  const auto jobs = gordian::make_chan<std::string_view>(kBuffered);
  Totals totals;
  gordian::WaitGroup team;
  for (int i = 0; i < kWorkers; ++i) {
    team.go([jobs, &totals] { work(jobs, totals); });
  }
  cut(text, jobs);
  team.wait();
  kernel::Checksum checksum;
  std::uint64_t letters = 0;
  for (const auto& [word, count] : totals.counts) {
    letters += word.size() * count;
    checksum.add(word.size());
    checksum.add(count);
  }
  kernel::require(letters == size - static_cast<std::uint64_t>(std::count(text.begin(), text.end(), ' ')),
                  "letters were lost");
  checksum.print();
}
