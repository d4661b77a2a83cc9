// SPDX-License-Identifier: Apache-2.0
// The cases of a select. Each owns what travels for it, fills one SelectSlot, and is told afterwards whether it was
// chosen. A case holds references into the full expression that made it: it lives as long as that, SelectCase makes it
// own.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "gordian/detail/channel_sides.h"

namespace gordian::detail {

struct NoHandler {
  void operator()() const noexcept {}
};

class CaseBase {
 public:
  CaseBase() = default;
  CaseBase(const CaseBase&) = delete;
  CaseBase& operator=(const CaseBase&) = delete;
  virtual ~CaseBase() = default;

  [[nodiscard]] virtual bool is_default() const noexcept { return false; }
  // Describes the operation; what has to travel is packed here.
  virtual void offer(SelectSlot& slot) = 0;
  // Another case was chosen.
  virtual void withdraw() noexcept {}
  // This case was chosen and carried out; ok as in SelectSlot. Runs the handler, outside any lock.
  virtual void finish(bool ok) = 0;
};

// Calls f(value, ok), f(value) or f(), whichever fits first; for channels of void f(ok) or f().
template <class T, class F>
void handle_received(F& f, std::optional<Parcel<T>>& parcel, bool ok) {
  if constexpr (std::is_invocable_v<F&, T, bool> || std::is_invocable_v<F&, T>) {
    const auto value = [&]() -> T {
      if constexpr (std::is_default_constructible_v<T>) {
        return ok ? parcel->take() : T{};
      } else {
        static_assert(std::is_default_constructible_v<T>,
                      "a handler that takes the value needs T{} for a closed channel");
      }
    };
    if constexpr (std::is_invocable_v<F&, T, bool>) {
      std::invoke(f, value(), ok);
    } else {
      std::invoke(f, value());
    }
  } else {
    static_assert(std::is_invocable_v<F&>, "a receive handler takes (T, bool), (T) or ()");
    std::invoke(f);
  }
}

template <class T, class F>
class RecvCase final : public CaseBase {
 public:
  RecvCase(RecvChan<T> channel, F f) : channel_(std::move(channel)), f_(std::move(f)) {}
  void offer(SelectSlot& slot) override {
    parcel_.emplace();
    slot = {core_of(channel_), parcel_->data(), false, false};
  }
  void finish(bool ok) override {
    if (ok) {
      parcel_->received();
    }
    handle_received<T>(f_, parcel_, ok);
  }
  [[nodiscard]] std::unique_ptr<CaseBase> own() && {
    return std::make_unique<RecvCase>(std::move(channel_), std::move(f_));
  }

 private:
  RecvChan<T> channel_;
  F f_;
  std::optional<Parcel<T>> parcel_;
};

template <class F>
class RecvCase<void, F> final : public CaseBase {
 public:
  RecvCase(RecvChan<void> channel, F f) : channel_(std::move(channel)), f_(std::move(f)) {}
  void offer(SelectSlot& slot) override { slot = {core_of(channel_), nullptr, false, false}; }
  void finish(bool ok) override {
    if constexpr (std::is_invocable_v<F&, bool>) {
      std::invoke(f_, ok);
    } else {
      std::invoke(f_);
    }
  }
  [[nodiscard]] std::unique_ptr<CaseBase> own() && {
    return std::make_unique<RecvCase>(std::move(channel_), std::move(f_));
  }

 private:
  RecvChan<void> channel_;
  F f_;
};

// Value is U&& of the operand: an rvalue returns to its place if the send is not chosen.
template <class T, class Value, class F>
class SendCase final : public CaseBase {
 public:
  SendCase(SendChan<T> channel, Value&& value, F f)
      : channel_(std::move(channel)), value_(std::forward<Value>(value)), f_(std::move(f)) {}
  void offer(SelectSlot& slot) override {
    parcel_.emplace(std::in_place, std::forward<Value>(value_));
    slot = {core_of(channel_), parcel_->data(), true, false};
  }
  void withdraw() noexcept override { parcel_->template give_back<Value&&>(std::forward<Value>(value_)); }
  void finish(bool ok) override {
    if (!ok) {
      withdraw();
      throw_panic(PanicCode::send_on_closed);
    }
    parcel_->sent();
    std::invoke(f_);
  }
  [[nodiscard]] std::unique_ptr<CaseBase> own() &&;

 private:
  SendChan<T> channel_;
  Value&& value_;
  F f_;
  std::optional<Parcel<T>> parcel_;
};

// A send case that keeps its value, for lists that outlive the expression.
template <class T, class F>
class OwningSendCase final : public CaseBase {
 public:
  template <class U>
  OwningSendCase(SendChan<T> channel, U&& value, F f)
      : value_(std::forward<U>(value)), inner_(std::move(channel), std::move(value_), std::move(f)) {}
  void offer(SelectSlot& slot) override { inner_.offer(slot); }
  void withdraw() noexcept override { inner_.withdraw(); }
  void finish(bool ok) override { inner_.finish(ok); }

 private:
  T value_;
  SendCase<T, T, F> inner_;
};

template <class T, class Value, class F>
std::unique_ptr<CaseBase> SendCase<T, Value, F>::own() && {
  return std::make_unique<OwningSendCase<T, F>>(std::move(channel_), std::forward<Value>(value_), std::move(f_));
}

template <class F>
class VoidSendCase final : public CaseBase {
 public:
  VoidSendCase(SendChan<void> channel, F f) : channel_(std::move(channel)), f_(std::move(f)) {}
  void offer(SelectSlot& slot) override { slot = {core_of(channel_), nullptr, true, false}; }
  void finish(bool ok) override {
    if (!ok) {
      throw_panic(PanicCode::send_on_closed);
    }
    std::invoke(f_);
  }
  [[nodiscard]] std::unique_ptr<CaseBase> own() && {
    return std::make_unique<VoidSendCase>(std::move(channel_), std::move(f_));
  }

 private:
  SendChan<void> channel_;
  F f_;
};

template <class F>
class DefaultCase final : public CaseBase {
 public:
  explicit DefaultCase(F f) : f_(std::move(f)) {}
  [[nodiscard]] bool is_default() const noexcept override { return true; }
  void offer(SelectSlot&) override {}
  void finish(bool) override { std::invoke(f_); }
  [[nodiscard]] std::unique_ptr<CaseBase> own() && { return std::make_unique<DefaultCase>(std::move(f_)); }

 private:
  F f_;
};

// Runs a select over cases whose slots the caller provides (one per case).
std::size_t run_cases(CaseBase* const* cases, SelectSlot* slots, std::size_t count);

inline std::size_t run_cases(CaseBase* const* cases, SelectSlot* slots, std::size_t count) {
  std::size_t operations = 0;
  std::size_t default_index = count;
  for (std::size_t i = 0; i < count; ++i) {
    if (cases[i]->is_default()) {
      default_index = i;
    } else {
      cases[i]->offer(slots[operations++]);
    }
  }
  const bool has_default = default_index != count;
  const std::size_t chosen_slot = select_run(slots, operations, has_default);
  const auto case_of = [&](std::size_t slot) { return slot < default_index ? slot : slot + 1; };
  const std::size_t chosen = chosen_slot == operations ? default_index : case_of(chosen_slot);
  for (std::size_t i = 0; i < count; ++i) {
    if (i != chosen && i != default_index) {
      cases[i]->withdraw();
    }
  }
  cases[chosen]->finish(chosen_slot < operations && slots[chosen_slot].ok);
  return chosen;
}

}  // namespace gordian::detail
