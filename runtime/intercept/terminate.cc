// SPDX-License-Identifier: Apache-2.0
// std::terminate called by hand, with no exception under way: what the destructor of a joinable std::thread does. The
// stack, which includes what was inlined, tells the analyzer whether it was one. libstdc++'s own ways here (an
// exception that nobody catches) do not come by.
#include <cxxabi.h>

#include <exception>

#include "runtime/intercept/next.h"
#include "runtime/intercept/order_note.h"

namespace gordian::rt::intercept {

namespace {

constinit Next<void()> g_terminate{"_ZSt9terminatev"};

}  // namespace

}  // namespace gordian::rt::intercept

__attribute__((visibility("default"))) void std::terminate() noexcept {
  using namespace gordian;
  if (rt::intercept::is_recorded() && abi::__cxa_current_exception_type() == nullptr) {
    rt::record::emit(trace::Fatal{.code = static_cast<std::uint64_t>(trace::PanicCode::joinable_destroyed),
                                  .text = "std::terminate, called without an exception"});
    rt::record::publish();
  }
  rt::intercept::g_terminate();
  __builtin_unreachable();
}
