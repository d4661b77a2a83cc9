// SPDX-License-Identifier: Apache-2.0
// The rules are Go's, and POSIX's for threads.
#include "analyzer/report/misuse_words.h"

#include <algorithm>
#include <iterator>

namespace gordian::analysis::report {
namespace {

constexpr std::string_view kNoDeed;

struct Words {
  std::string_view subkind;
  std::string_view rule;
  std::string_view hint;
  std::string_view deed = "fails";        // of the first actor
  std::string_view other_deed = kNoDeed;  // of the second, if nothing orders the two
};

constexpr Words kWords[] = {
    {"send-on-closed", "a channel takes no values once it is closed",
     "let only the sending side close it, after its last send; several senders: after a WaitGroup over them"},
    {"close-during-send",
     "the close of a channel must come after every send on it, by an order that holds in every run",
     "let only the sending side close it, after its last send; several senders: after a WaitGroup over them", "sends",
     "closes"},
    {"double-close", "a channel may be closed once", "let one owner close it, or close it through a Once"},
    {"close-of-nil", "a nil channel cannot be closed", "make the channel with make_chan first"},
    {"channel-size", "the size of a channel is its number of buffered values, not negative and not absurdly large",
     "check the number that goes into make_chan"},
    {"negative-waitgroup", "done() was called more often than add() announced",
     "call add() once for each done(): go(f) of the WaitGroup does both"},
    {"waitgroup-add-during-wait", "add() from zero must happen before wait()",
     "call add() before the go statement, not inside the goroutine", "adds", "waits"},
    {"waitgroup-reused", "a WaitGroup may be used again only when all wait() calls of the round before have returned",
     "use a WaitGroup of its own for each round", "adds", "waits"},
    {"unlock-of-unlocked", "only a locked lock may be unlocked, and in the mode in which it was locked",
     "hold the lock with std::lock_guard or std::shared_lock instead of unlocking by hand"},
    {"semaphore-over-release", "a semaphore takes back no more permits than it has given",
     "release once for each successful acquire, with the same number"},
    {"destroyed-while-locked", "a lock may be destroyed only while nobody holds it",
     "unlock before the end of its life: hold it with std::lock_guard, and join who uses it before destroying it",
     "destroys it"},
    {"locked-at-thread-exit", "a lock belongs to the thread that locked it: once that has ended, nobody may unlock it",
     "hold the lock with std::lock_guard, which also unlocks on pthread_exit and cancellation", "locked it"},
    {"unlock-of-another-s", "only the thread that locked a lock may unlock it",
     "unlock where it was locked; to hand something over use a semaphore or a condition", "unlocks it"},
    {"joinable-destroyed",
     "a std::thread must be joined or detached before it is destroyed; else std::terminate ends "
     "the program",
     "join it on every path, also when an exception is thrown: std::jthread does", "destroys it"},
    {"thread-left", "the C library keeps the stack and the result of a thread until it is joined or detached",
     "join it, or detach it where it is created", "creates it"},
    {"go-of-nil", "a goroutine needs a function to run", "check the std::function or pointer before go"},
};

const Words* words_of_subkind(std::string_view subkind) {
  const auto found = std::find_if(std::begin(kWords), std::end(kWords),
                                  [subkind](const Words& words) { return words.subkind == subkind; });
  return found == std::end(kWords) ? nullptr : found;
}

}  // namespace

std::string misuse_rule(std::string_view subkind) {
  const Words* words = words_of_subkind(subkind);
  return std::string(words != nullptr ? words->rule : "the run-time library refused the call and said so");
}

std::string misuse_hint(std::string_view subkind) {
  const Words* words = words_of_subkind(subkind);
  return std::string(words != nullptr ? words->hint : "see the stack for the call");
}

std::string misuse_deed(std::string_view subkind) {
  const Words* words = words_of_subkind(subkind);
  return std::string(words != nullptr ? words->deed : Words{}.deed);
}

std::string misuse_other_deed(std::string_view subkind) {
  const Words* words = words_of_subkind(subkind);
  return std::string(words != nullptr ? words->other_deed : Words{}.other_deed);
}

}  // namespace gordian::analysis::report
