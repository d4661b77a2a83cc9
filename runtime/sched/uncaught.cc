// SPDX-License-Identifier: Apache-2.0
// An exception that no goroutine caught: Go's words for it. A Panic brings the stack of where it was thrown along; for
// any other exception that stack is gone, its deferred calls have run.
#include <cxxabi.h>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <typeinfo>

#include "gordian/panic.h"
#include "runtime/sched/start.h"
#include "runtime/wait/exit.h"

namespace gordian::rt::sched {

namespace {

[[noreturn]] void die_of(const Panic& panic) noexcept {
  wait::StackTrace where;
  const detail::StackSnapshot& thrown = panic.stack();
  for (; where.count < thrown.count && where.count < wait::StackTrace::kMaxFrames; ++where.count) {
    const auto& frame = thrown.frames[where.count];
    where.frames[where.count] = {frame.function, frame.call_site, frame.pc};
  }
  wait::die_of_panic(panic.what(), where);
}

// "TYPE: what()"
[[noreturn]] void die_of(const std::type_info* type, const char* what) noexcept {
  char text[1024] = "exception";
  if (type != nullptr) {
    int status = 0;
    char* const readable = abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
    std::strncpy(text, status == 0 ? readable : type->name(), sizeof(text) - 1);
    std::free(readable);
  }
  if (what != nullptr) {
    std::strncat(text, ": ", sizeof(text) - std::strlen(text) - 1);
    std::strncat(text, what, sizeof(text) - std::strlen(text) - 1);
  }
  wait::record_panic(trace::PanicCode::exception, 0, text);
  wait::die_of_panic(text, wait::StackTrace{});
}

}  // namespace

void die_of_uncaught(std::exception_ptr exception) noexcept {
  try {
    std::rethrow_exception(std::move(exception));
  } catch (const Panic& panic) {
    die_of(panic);
  } catch (const std::exception& other) {
    die_of(&typeid(other), other.what());
  } catch (...) {
    die_of(abi::__cxa_current_exception_type(), nullptr);
  }
}

}  // namespace gordian::rt::sched
