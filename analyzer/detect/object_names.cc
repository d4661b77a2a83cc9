// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/object_names.h"

#include <algorithm>
#include <optional>
#include <variant>

namespace gordian::analysis {
namespace {

using trace::ObjectKind;
using trace::WaitReason;

NameRank rank_of(std::string_view name) {
  if (name.empty()) {
    return NameRank::unknown;
  }
  if (name.starts_with('*')) {
    return NameRank::pointer;
  }
  if (name.find("::") != std::string_view::npos) {
    return NameRank::member;
  }
  return name.find('.') != std::string_view::npos ? NameRank::path : NameRank::variable;
}

std::uint64_t number_of(const Place& place) { return std::uint64_t{place.stack.value} << 32 | place.site; }

// Of a callee with its template arguments: `std::lock_guard<wait::Mutex>::lock_guard` is no wait.
std::string_view last_part(std::string_view callee) {
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i < callee.size(); ++i) {
    depth += callee[i] == '<' ? 1 : callee[i] == '>' ? -1 : 0;
    if (depth == 0 && callee.substr(i).starts_with("::")) {
      begin = i + 2;
    }
  }
  return callee.substr(begin);
}

template <class Event>
concept UsesOneObject = trace::HasSite<Event> && requires(Event event) { event.object; };

}  // namespace

bool is_lock(ObjectKind kind) { return kind == ObjectKind::mutex || kind == ObjectKind::rwmutex; }

// `wait`, `wait_until`, `pthread_cond_timedwait`.
bool is_wait(std::string_view callee) {
  const std::string_view name = last_part(callee);
  const auto has = [&](std::string_view word) { return name.find(word) != std::string_view::npos; };
  return name.starts_with("wait") || has("_wait") || has("_timedwait") || has("_clockwait");
}

// A select is about several objects, and its place names none.
struct ObjectNames::Offer {
  ObjectNames& names;
  const Step& step;

  void offer(std::uint64_t object, Name name) const {
    if (object != 0 && name.rank != NameRank::unknown) {
      Name& best = names.names_[ObjectId(object)];
      best = std::min(best, name);
    }
  }
  void use(std::uint64_t object) const { offer(object, names.call_at(step.place).name); }
  void use_lock(std::uint64_t lock, bool at_unlock = false) const {
    const Call& call = names.call_at(step.place);
    if (!call.waits) {
      offer(lock, at_unlock ? Name{NameRank::at_unlock, call.name.text} : call.name);
    }
  }

  template <class Event>
  void operator()(const Event& event) const {
    if constexpr (UsesOneObject<Event>) {
      use(event.object);
    }
  }
  void operator()(const trace::Object& event) const {
    const Call& call = names.call_at(step.place);
    const bool made = static_cast<ObjectKind>(event.kind) == ObjectKind::channel && !call.name.text.empty();
    if (made) {
      offer(event.object, {NameRank::made, call.name.text});
    } else if (!call.waits || !is_lock(static_cast<ObjectKind>(event.kind))) {
      use(event.object);
    }
  }
  // It was first met long ago: this is only its next use.
  void operator()(const trace::Inherited& event) const {
    const Name* const name = names.names_.find(ObjectId(event.object));
    if (name != nullptr && name->rank == NameRank::made) {
      names.names_[ObjectId(event.object)].rank = rank_of(name->text);
    }
  }
  void operator()(const trace::ObjectEnd&) const {}  // by whoever frees the memory around it
  void operator()(const trace::Panic&) const {}
  void operator()(const trace::Fatal&) const {}
  void operator()(const trace::Lock& event) const { use_lock(event.object); }
  void operator()(const trace::TryLock& event) const { use_lock(event.object); }
  void operator()(const trace::TryLockFailed& event) const { use_lock(event.object); }
  void operator()(const trace::Unlock& event) const { use_lock(event.object, true); }
  void operator()(const trace::Block& event) const {
    switch (static_cast<WaitReason>(event.reason)) {
      case WaitReason::select:
      case WaitReason::thread_join:
        return;
      case WaitReason::mutex_lock:
      case WaitReason::rwmutex_lock:
      case WaitReason::rwmutex_rlock:
        std::for_each(event.objects.begin(), event.objects.end(), [this](std::uint64_t lock) { use_lock(lock); });
        return;
      default:
        std::for_each(event.objects.begin(), event.objects.end(), [this](std::uint64_t object) { use(object); });
    }
  }
};

ObjectNames::Call ObjectNames::call_of(const CallWords& words) {
  return {{rank_of(words.object), words.object}, is_wait(words.callee)};
}

const ObjectNames::Call& ObjectNames::call_at(const Place& place) {
  if (place.is_access || !place.stack) {
    return calls_.front();
  }
  std::vector<std::uint64_t> inside;  // frames that are not the user's
  std::uint32_t found = 0;
  for (Place at = place; at.stack && found == 0;) {
    if (const std::uint32_t* known = seen_.find(number_of(at))) {
      found = *known;
      break;
    }
    inside.push_back(number_of(at));
    const StackNode& node = stacks_.node(at.stack);
    if (const std::optional<CallWords> words = symbols_.own_call(node.function, at.site)) {
      calls_.push_back(call_of(*words));
      found = static_cast<std::uint32_t>(calls_.size());
    }
    at = {node.parent, node.parent_call_site, false};
  }
  found = std::max(found, std::uint32_t{1});
  std::for_each(inside.begin(), inside.end(), [&](std::uint64_t number) { seen_[number] = found; });
  return calls_[found - 1];
}

void ObjectNames::step(const Step& step) { std::visit(Offer{*this, step}, step.event); }

std::string ObjectNames::of(ObjectId object) const {
  const Name* const name = names_.find(object);
  return std::string(name == nullptr ? std::string_view() : name->text);
}

}  // namespace gordian::analysis
