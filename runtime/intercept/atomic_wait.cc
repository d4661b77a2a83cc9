// SPDX-License-Identifier: Apache-2.0
// Waits on atomics. std::atomic::wait, std::latch, std::barrier and std::counting_semaphore are templates of the
// standard library that end in syscall(SYS_futex, ...), and so do those of other libraries: the call is looked at on
// its way. A wait without a limit is a Block; a wake says how many it lets go. Neither orders anything: the atomics do,
// which are recorded where they stand. A wait that another process could end is not told; the runtime itself is not
// looked at.
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <limits>
#include <mutex>
#include <optional>

#include "runtime/intercept/next.h"
#include "runtime/intercept/sleepers.h"
#include "runtime/intercept/waiting.h"

// The first and the last byte of this library, from the linker.
extern "C" __attribute__((visibility("hidden"))) const char __ehdr_start;
extern "C" __attribute__((visibility("hidden"))) const char _end;

namespace gordian::rt::intercept {

namespace {

constexpr auto kKind = trace::ObjectKind::atomic;

using Arguments = std::array<long, 6>;

// Not through the C library: its function of this name is the one that is replaced, and the runtime calls it before
// anything could be looked up.
long enter_kernel(long number, const Arguments& arguments) noexcept {
  register long fourth asm("r10") = arguments[3];
  register long fifth asm("r8") = arguments[4];
  register long sixth asm("r9") = arguments[5];
  long result = number;
  asm volatile("syscall"
               : "+a"(result)
               : "D"(arguments[0]), "S"(arguments[1]), "d"(arguments[2]), "r"(fourth), "r"(fifth), "r"(sixth)
               : "rcx", "r11", "memory");
  return result;
}

bool is_ours(const void* caller) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(caller);
  return address >= reinterpret_cast<std::uintptr_t>(&__ehdr_start) &&
         address < reinterpret_cast<std::uintptr_t>(&_end);
}

// Reads /proc/self/maps, character by character, for the mapping that holds an address.
class MappingOf {
 public:
  enum class Answer : std::uint8_t { unknown, shared, own };

  explicit MappingOf(std::uintptr_t address) noexcept : address_(address) {}

  Answer read(char character) noexcept {
    switch (field_) {
      case Field::first:
        character == '-' ? next() : add(first_, character);
        break;
      case Field::last:
        character == ' ' ? next() : add(last_, character);
        break;
      case Field::permissions:  // such as rw-p
        if (character == 'p' || character == 's') {
          if (address_ >= first_ && address_ < last_) {
            return character == 's' ? Answer::shared : Answer::own;
          }
          next();
        }
        break;
      case Field::rest:
        if (character == '\n') {
          *this = MappingOf(address_);
        }
        break;
    }
    return Answer::unknown;
  }

 private:
  enum class Field : std::uint8_t { first, last, permissions, rest };

  void next() noexcept { field_ = static_cast<Field>(static_cast<std::uint8_t>(field_) + 1); }
  static void add(std::uintptr_t& number, char digit) noexcept {
    number = number * 16 + static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
  }

  std::uintptr_t address_;
  std::uintptr_t first_ = 0;
  std::uintptr_t last_ = 0;
  Field field_ = Field::first;
};

// Could another process have the word in its memory? libstdc++ 12 calls all its futexes such. Yes if nobody knows.
bool is_shared(const void* word) noexcept {
  constexpr const char* kPath = "/proc/self/maps";
  const long file = enter_kernel(SYS_openat, {AT_FDCWD, reinterpret_cast<long>(kPath), O_RDONLY | O_CLOEXEC, 0, 0, 0});
  if (file < 0) {
    return true;
  }
  MappingOf mapping(reinterpret_cast<std::uintptr_t>(word));
  auto answer = MappingOf::Answer::unknown;
  std::array<char, 1024> text;
  long got = 1;
  while (got > 0 && answer == MappingOf::Answer::unknown) {
    got = enter_kernel(SYS_read, {file, reinterpret_cast<long>(text.data()), static_cast<long>(text.size()), 0, 0, 0});
    for (long i = 0; i < got && answer == MappingOf::Answer::unknown; ++i) {
      answer = mapping.read(text[static_cast<std::size_t>(i)]);
    }
  }
  enter_kernel(SYS_close, {file, 0, 0, 0, 0, 0});
  return answer != MappingOf::Answer::own;
}

// A signal handler may notify, also while its thread is in here: it would wait for a lock that it holds itself. What it
// does then is not looked at; that handlers may act at all is written elsewhere.
__attribute__((tls_model("initial-exec"))) constinit __thread bool t_noting = false;

class Noting {
 public:
  Noting() noexcept { t_noting = true; }
  ~Noting() { t_noting = false; }
  Noting(const Noting&) = delete;
  Noting& operator=(const Noting&) = delete;
};

struct Futex {
  const void* word = nullptr;  // null: another call, or nothing is recorded
  int command = 0;
  bool is_private = false;
  bool is_limited = false;
};

Futex futex_of(long number, const Arguments& arguments) noexcept {
  if (number != SYS_futex || !record::enabled() || record::is_internal() || t_noting) {
    return {};
  }
  const auto operation = static_cast<int>(arguments[1]);
  return {reinterpret_cast<const void*>(arguments[0]), operation & FUTEX_CMD_MASK,
          (operation & FUTEX_PRIVATE_FLAG) != 0, arguments[3] != 0};
}

constinit record::SpinLock g_introducing;

void introduce(const Futex& futex) noexcept {
  LockEntry* entry = recorded_lock(futex.word);
  const std::lock_guard guard(g_introducing);
  if (entry != nullptr && !record::is_introduced(entry->id)) {
    note_begin(futex.word, kKind, 0, !futex.is_private && is_shared(futex.word));
  }
}

long sleep(const Futex& futex, const Arguments& arguments) noexcept {
  std::optional<Sleeper> sleeper;
  {
    const Noting noting;
    introduce(futex);
    sleeper.emplace(futex.word, kKind);
  }
  long result = 0;
  {
    const Waiting waiting(trace::WaitReason::atomic_wait, sleeper->id(), futex.word);
    result = enter_kernel(SYS_futex, arguments);
  }
  const Noting noting;
  if (result != 0) {
    sleeper->by_itself();  // the value had changed already, or a signal came
  }
  sleeper.reset();
  return result;
}

void wake(const Futex& futex, const Arguments& arguments) noexcept {
  const Noting noting;
  introduce(futex);
  const auto most = static_cast<int>(arguments[2]);
  const bool all = most == std::numeric_limits<int>::max();
  note_wake(futex.word, kKind, all ? std::numeric_limits<std::uint32_t>::max() : static_cast<std::uint32_t>(most),
            Unheard::untold);
}

long call(long number, const Arguments& arguments) noexcept {
  const Futex futex = futex_of(number, arguments);
  if (futex.word == nullptr) {
    return enter_kernel(number, arguments);
  }
  if ((futex.command == FUTEX_WAIT || futex.command == FUTEX_WAIT_BITSET) && !futex.is_limited) {
    return sleep(futex, arguments);
  }
  if (futex.command == FUTEX_WAKE || futex.command == FUTEX_WAKE_BITSET) {
    wake(futex, arguments);
  }
  return enter_kernel(number, arguments);
}

}  // namespace

}  // namespace gordian::rt::intercept

GORDIAN_REPLACES long syscall(long number, ...) noexcept {
  using namespace gordian::rt::intercept;
  Arguments arguments;
  va_list list;
  va_start(list, number);
  for (long& argument : arguments) {
    argument = va_arg(list, long);
  }
  va_end(list);
  const long result = is_ours(__builtin_return_address(0)) ? enter_kernel(number, arguments) : call(number, arguments);
  if (result < 0 && result >= -4095) {
    errno = static_cast<int>(-result);
    return -1;
  }
  return result;
}
