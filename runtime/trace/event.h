// SPDX-License-Identifier: Apache-2.0
// The events of the synchronisation family as plain structs, generated from events.def, and the enumerations that their
// fields hold. A list or text field is a view: the encoder reads it at once; a decoded event's views live until the
// next event of the same reader is decoded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "runtime/base/ids.h"

namespace gordian::trace {

enum class EventKind : std::uint8_t {
#define GORDIAN_EVENT(number, Type, text, critical, fields) Type = number,
#include "runtime/trace/events.def"
#undef GORDIAN_EVENT
};

// Numbers from here on are for later kinds that a reader may skip: their fields stand behind a varint that counts their
// bytes. An unknown number below is critical, and the trace is refused.
inline constexpr std::uint8_t kFirstSkippableKind = 192;

enum class WaitReason : std::uint8_t {
  none = 0,
#define GORDIAN_WAIT_REASON(number, name, go_text, words) name = number,
#include "runtime/trace/wait_reasons.def"
#undef GORDIAN_WAIT_REASON
};

enum class ObjectKind : std::uint8_t {
  none = 0,
#define GORDIAN_OBJECT_KIND(number, name, word) name = number,
#include "runtime/trace/object_kinds.def"
#undef GORDIAN_OBJECT_KIND
};

enum class PanicCode : std::uint8_t {
  none = 0,
#define GORDIAN_PANIC(number, name, fatal, subkind, text) name = number,
#include "runtime/trace/panics.def"
#undef GORDIAN_PANIC
};

// The codes from here on say what was wrong, and the program went on.
inline constexpr auto kFirstTold = PanicCode::destroyed_locked;

enum class LockMode : std::uint8_t { exclusive = 0, shared = 1 };

// The kind of memory whose lifetime an Alloc or Free event bounds.
enum class MemoryKind : std::uint8_t {
  heap = 0,
  goroutine_stack = 1,
  thread_stack = 2,
  map = 3,
  thread_local_block = 4
};

// An Alloc or a Free lies within so much of the address space: more is told in pieces, one right after the other.
inline constexpr std::uint64_t kStripeBytes = std::uint64_t{64} << 20;

enum class AtomicOp : std::uint8_t { load = 0, store = 1, rmw = 2 };
// Numbered as C++'s memory_order: relaxed 0, consume 1, acquire 2, release 3, acq_rel 4, seq_cst 5.
enum class AtomicOrder : std::uint8_t { relaxed, consume, acquire, release, acq_rel, seq_cst };

// Stands for the runtime's clock as the performer of a timer's send; happens-before comes from the TimerSet.
inline constexpr std::uint64_t kTimerActor = ~std::uint64_t{0};

#define SITE std::uint64_t site = 0;
#define U(name) std::uint64_t name = 0;
#define S(name) std::int64_t name = 0;
#define L(name) std::span<const std::uint64_t> name{};
#define T(name) std::string_view name{};
#define GORDIAN_EVENT(number, Type, text, critical, fields) \
  struct Type {                                             \
    static constexpr EventKind kKind = EventKind::Type;     \
    static constexpr std::string_view kName = text;         \
    fields                                                  \
  };
#include "runtime/trace/events.def"
#undef GORDIAN_EVENT
#undef SITE
#undef U
#undef S
#undef L
#undef T

template <class Event>
concept HasSite = requires(Event event) { event.site; };

// Calls visitor.site / number / signed_number / list / text (name, field) for each field in the order of events.def.
#define SITE visitor.site("site", event.site);
#define U(name) visitor.number(#name, event.name);
#define S(name) visitor.signed_number(#name, event.name);
#define L(name) visitor.list(#name, event.name);
#define T(name) visitor.text(#name, event.name);
#define GORDIAN_EVENT(number, Type, text, critical, fields)                                             \
  template <class Visitor>                                                                              \
  constexpr void visit_fields([[maybe_unused]] Type& event, [[maybe_unused]] Visitor&& visitor) {       \
    fields                                                                                              \
  }                                                                                                     \
  template <class Visitor>                                                                              \
  constexpr void visit_fields([[maybe_unused]] const Type& event, [[maybe_unused]] Visitor&& visitor) { \
    fields                                                                                              \
  }
#include "runtime/trace/events.def"
#undef GORDIAN_EVENT
#undef SITE
#undef U
#undef S
#undef L
#undef T

}  // namespace gordian::trace
