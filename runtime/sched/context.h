// SPDX-License-Identifier: Apache-2.0
// The machine switch, Boost.Context's for now: the callee-saved registers lie on the stack that is left, the context is
// its stack pointer. Whoever arrives gets the context that was left, and must store it before anybody may jump to it.
#pragma once

#include <boost/context/detail/fcontext.hpp>
#include <cstddef>

namespace gordian::rt::sched {

using Context = boost::context::detail::fcontext_t;
using Transfer = boost::context::detail::transfer_t;

// A context that calls entry on the stack that ends at `high`. entry never returns.
inline Context make_context(void* high, std::size_t bytes, void (*entry)(Transfer)) noexcept {
  return boost::context::detail::make_fcontext(high, bytes, entry);
}
// Returns when somebody jumps back, possibly on another thread.
inline Transfer jump(Context to) noexcept { return boost::context::detail::jump_fcontext(to, nullptr); }
// The same, but calls f(transfer) on the target's stack first; what f returns arrives there as the transfer.
inline Transfer jump_on_top(Context to, void* argument, Transfer (*f)(Transfer)) noexcept {
  return boost::context::detail::ontop_fcontext(to, argument, f);
}

}  // namespace gordian::rt::sched
