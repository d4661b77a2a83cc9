// SPDX-License-Identifier: Apache-2.0
#include "analyzer/ingest/inherited.h"

#include <algorithm>

namespace gordian::analysis {
namespace {

void lower(std::uint64_t& lowest, std::uint64_t ticket) { lowest = std::min(lowest, ticket); }

struct Note {
  Inheritance& all;

  template <class Event>
  void operator()(const Event& event) const {
    if constexpr (requires { event.object, event.ticket; }) {
      if (event.ticket != 0) {
        lower(all.objects[event.object].operations, event.ticket);
      }
    }
  }
  void operator()(const trace::Inherited& event) const { all.objects[event.object].was_used = true; }
  void operator()(const trace::ChanSend& event) const { lower(all.objects[event.object].sends, event.ticket); }
  void operator()(const trace::ChanRecv& event) const {
    if (event.closed == 0) {
      lower(all.objects[event.object].receives, event.ticket);
    }
  }
  void operator()(const trace::ChanClose& event) const { all.objects[event.object].is_closed = true; }
  void operator()(const trace::Alloc& event) const { stripe(all.memory, event); }
  void operator()(const trace::Free& event) const { stripe(all.memory, event); }
  void operator()(const trace::Atomic& event) const { stripe(all.atomics, event); }
  template <class Event>
  void stripe(std::map<std::uint64_t, std::uint64_t>& lowest, const Event& event) const {
    lower(lowest.try_emplace(event.stripe, event.ticket).first->second, event.ticket);
  }
};

Result<void> look_through(const trace::Chunk& chunk, Inheritance& all) {
  trace::EventReader reader(chunk.payload, chunk.payload_offset());
  for (;;) {
    const Result<trace::AnyEvent> event = reader.next();
    if (!event) {
      return event.error();
    }
    if (event->index() == 0) {
      return {};
    }
    std::visit(Note{all}, *event);
  }
}

}  // namespace

Result<Inheritance> inheritance_of(const trace::TraceFile& file) {
  Inheritance all;
  if (file.header().parent_fork == 0) {
    return all;
  }
  for (const trace::TraceFile::ChunkRef& ref : file.chunks()) {
    if (ref.header.family != trace::Family::sync) {
      continue;
    }
    const Result<trace::Chunk> chunk = file.read(ref);
    if (!chunk) {
      return chunk.error();
    }
    if (Result<void> looked = look_through(*chunk, all); !looked) {
      return looked.error();
    }
  }
  std::erase_if(all.objects, [](const auto& entry) { return !entry.second.was_used; });
  return all;
}

}  // namespace gordian::analysis
