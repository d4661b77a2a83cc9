// SPDX-License-Identifier: Apache-2.0
// Select: waits until one of several channel operations can go on, chooses fairly among those that can. Source: Go
// spec, "Select statements".
//
//   switch (Select{on_recv(jobs, [&](int job, bool ok) { ... }),
//                  on_send(results, 42),
//                  on_default()}.run()) { case 0: ...; case 1: ...; case 2: ... }
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "gordian/chan.h"
#include "gordian/detail/select_cases.h"

namespace gordian {

// Receives; then f is called with (T, bool ok), (T) or (), the first that fits. Channels of void: (bool ok) or ().
template <class Ends, class F>
  requires(!std::is_pointer_v<std::decay_t<F>> || std::is_function_v<std::remove_pointer_t<std::decay_t<F>>>)
[[nodiscard]] auto on_recv(const Ends& channel, F&& f) {
  using T = typename Ends::value_type;
  return detail::RecvCase<T, std::decay_t<F>>(channel, std::forward<F>(f));
}
// Receives into *out; T{} when closed and drained.
template <class Ends, class T = typename Ends::value_type>
[[nodiscard]] auto on_recv(const Ends& channel, std::type_identity_t<T>* out) {
  auto store = [out](T value) { *out = std::move(value); };
  return detail::RecvCase<T, decltype(store)>(channel, std::move(store));
}
// Receives and discards.
template <class Ends>
[[nodiscard]] auto on_recv(const Ends& channel) {
  return detail::RecvCase<typename Ends::value_type, detail::NoHandler>(channel, {});
}

// Sends; then f() is called. Unless chosen, an rvalue stays where it is. Throws Panic "send on closed channel" if
// chosen.
template <class Ends, class U, class F = detail::NoHandler>
  requires(!std::is_void_v<typename Ends::value_type>)
[[nodiscard]] auto on_send(const Ends& channel, U&& value, F&& f = {}) {
  using T = typename Ends::value_type;
  return detail::SendCase<T, U, std::decay_t<F>>(channel, std::forward<U>(value), std::forward<F>(f));
}
template <class Ends, class F = detail::NoHandler>
  requires(std::is_void_v<typename Ends::value_type>)
[[nodiscard]] auto on_send(const Ends& channel, F&& f = {}) {
  return detail::VoidSendCase<std::decay_t<F>>(channel, std::forward<F>(f));
}

// Chosen if nothing else can go on at once. At most one per select.
template <class F = detail::NoHandler>
[[nodiscard]] auto on_default(F&& f = {}) {
  return detail::DefaultCase<std::decay_t<F>>(std::forward<F>(f));
}

// A case of any kind that owns its operands, for lists made at run time. A send whose turn came has given its value
// away.
class SelectCase {
 public:
  template <class Case>
    requires std::is_base_of_v<detail::CaseBase, Case>
  SelectCase(Case&& made) : owned_(std::forward<Case>(made).own()) {}
  [[nodiscard]] detail::CaseBase* get() const noexcept { return owned_.get(); }

 private:
  std::unique_ptr<detail::CaseBase> owned_;
};

// Used in one expression: Select{cases...}.run(). The operands are evaluated in source order, once.
template <class... Cases>
class Select {
 public:
  explicit Select(Cases&&... cases) noexcept : cases_{&cases...} {}
  Select(const Select&) = delete;
  Select& operator=(const Select&) = delete;

  // Blocks until one case was chosen and carried out (with on_default: never), calls its handler and returns its index.
  // No cases: blocks for ever. Records Select and the chosen operation, Block{select} if it parks. Throws what the
  // handler throws.
  std::size_t run() && {
    if constexpr (sizeof...(Cases) == 0) {
      return detail::select_run(nullptr, 0, false);
    } else {
      std::array<detail::SelectSlot, sizeof...(Cases)> slots;
      return detail::run_cases(cases_.data(), slots.data(), sizeof...(Cases));
    }
  }

 private:
  std::array<detail::CaseBase*, sizeof...(Cases)> cases_;
};

template <>
class Select<std::span<SelectCase>> {
 public:
  explicit Select(std::span<SelectCase> cases) noexcept : cases_(cases) {}
  std::size_t run() && {
    std::vector<detail::CaseBase*> pointers;
    pointers.reserve(cases_.size());
    for (const SelectCase& one : cases_) {
      pointers.push_back(one.get());
    }
    std::vector<detail::SelectSlot> slots(cases_.size());
    return cases_.empty() ? detail::select_run(nullptr, 0, false)
                          : detail::run_cases(pointers.data(), slots.data(), cases_.size());
  }

 private:
  std::span<SelectCase> cases_;
};

template <class... Cases>
  requires(std::is_base_of_v<detail::CaseBase, Cases> && ...)
Select(Cases&&...) -> Select<Cases...>;
template <class List>
  requires std::is_constructible_v<std::span<SelectCase>, List>
Select(List&&) -> Select<std::span<SelectCase>>;

}  // namespace gordian
