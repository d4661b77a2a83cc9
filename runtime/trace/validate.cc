// SPDX-License-Identifier: Apache-2.0
// One pass over each stream, sync chunks before access chunks (a marker is measured by the events); then the rules that
// need all streams.
#include "runtime/trace/validate.h"

#include <algorithm>
#include <map>

#include "runtime/trace/actor_rules.h"
#include "runtime/trace/object_rules.h"

namespace gordian::trace {
namespace {

using Refs = std::vector<const TraceFile::ChunkRef*>;

class Validator {
 public:
  explicit Validator(const TraceFile& file) : file_(file), objects_(file.header().parent_fork != 0) {}

  Result<std::optional<Violation>> run();

 private:
  struct Stream {
    Refs sync, access;
    std::uint64_t events = 0;
  };

  void report(Rule rule, std::uint64_t offset, std::string what) {
    if (!first_ || offset < first_->offset) {
      first_ = Violation{rule, offset, std::move(what)};
    }
  }
  void check_sequence(const Refs& refs);
  Result<void> check_events(Stream& stream);
  bool check_events(const Chunk& chunk, Stream& stream, ActorRules::Running& running);
  Result<void> check_accesses(const Stream& stream);
  bool check_accesses(const Chunk& chunk, const Stream& stream, std::uint64_t& marker);
  bool check_stack(std::uint64_t pop, std::size_t pushed, std::uint64_t& depth, std::uint64_t offset);
  void check_place(const AnyEvent& event, const Stream& stream, std::uint64_t offset);

  const TraceFile& file_;
  ObjectRules objects_;
  ActorRules actors_;
  std::optional<Violation> first_;
  bool has_ended_ = false;  // the stream at hand
};

void Validator::check_sequence(const Refs& refs) {
  for (std::size_t i = 0; i < refs.size(); ++i) {
    if (refs[i]->header.sequence != i) {
      report(Rule::chunk_sequence, refs[i]->offset,
             "chunk " + std::to_string(refs[i]->header.sequence) + " of stream " +
                 std::to_string(refs[i]->header.stream) + " where " + std::to_string(i) + " is next");
      return;
    }
  }
}

bool Validator::check_stack(std::uint64_t pop, std::size_t pushed, std::uint64_t& depth, std::uint64_t offset) {
  if (pop != kPopAll && pop > depth) {
    report(Rule::stack_depth, offset, "pops " + std::to_string(pop) + " of " + std::to_string(depth) + " frames");
    return false;
  }
  depth = (pop == kPopAll ? 0 : depth - pop) + pushed;
  return true;
}

void Validator::check_place(const AnyEvent& event, const Stream& stream, std::uint64_t offset) {
  if ((stream.events == 0) != is_event<ThreadStart>(event)) {
    report(Rule::thread_start, offset, "thread-start is not the first event, or not the only one");
  }
  if (has_ended_) {
    report(Rule::thread_start, offset, "an event after thread-end");
  }
  has_ended_ = is_event<ThreadEnd>(event);
}

// False if the rest of the stream makes no sense.
bool Validator::check_events(const Chunk& chunk, Stream& stream, ActorRules::Running& running) {
  if (chunk.header.first_ordinal != stream.events) {
    report(Rule::first_ordinal, chunk.file_offset,
           "the chunk counts " + std::to_string(chunk.header.first_ordinal) + " events before it, there are " +
               std::to_string(stream.events));
    return false;
  }
  std::uint64_t depth = 0;
  EventReader reader(chunk.payload, chunk.payload_offset());
  for (;; ++stream.events) {
    const std::uint64_t offset = reader.file_offset();
    const Result<AnyEvent> event = reader.next();
    if (!event) {
      report(Rule::decodable, offset, event.error().what);
      return false;
    }
    if (event->index() == 0) {
      return true;
    }
    check_place(*event, stream, offset);
    if (const auto* stack = event_as<Stack>(&*event)) {
      if (!check_stack(stack->pop, stack->push.size(), depth, offset)) {
        return false;
      }
    } else if (is_event<Switch>(*event)) {
      depth = 0;
    }
    objects_.note(*event, offset, running.actor);
    actors_.note(*event, offset, running);
  }
}

Result<void> Validator::check_events(Stream& stream) {
  ActorRules::Running running;
  has_ended_ = false;
  for (const TraceFile::ChunkRef* ref : stream.sync) {
    const Result<Chunk> chunk = file_.read(*ref);
    if (!chunk) {
      return chunk.error();
    }
    if (!check_events(*chunk, stream, running)) {
      break;
    }
  }
  return {};
}

bool Validator::check_accesses(const Chunk& chunk, const Stream& stream, std::uint64_t& marker) {
  std::uint64_t depth = 0;
  AccessReader reader(chunk.words(), chunk.payload_offset());
  for (;;) {
    const std::uint64_t offset = reader.file_offset();
    const Result<AccessRecord> record = reader.next();
    if (!record) {
      report(Rule::decodable, offset, record.error().what);
      return false;
    }
    switch (record->type) {
      case AccessRecord::Type::end:
        return true;
      case AccessRecord::Type::marker:
        if (record->ordinal < marker || record->ordinal > stream.events) {
          report(Rule::marker_order, offset,
                 "marker " + std::to_string(record->ordinal) + " after " + std::to_string(marker) + ", of " +
                     std::to_string(stream.events) + " events");
          return false;
        }
        marker = record->ordinal;
        break;
      case AccessRecord::Type::stack:
        if (!check_stack(record->pop, record->push.size(), depth, offset)) {
          return false;
        }
        break;
      default:
        if (depth == 0) {
          report(Rule::access_stack, offset, "an access without a stack");
          return false;
        }
    }
  }
}

Result<void> Validator::check_accesses(const Stream& stream) {
  std::uint64_t marker = 0;
  for (const TraceFile::ChunkRef* ref : stream.access) {
    const Result<Chunk> chunk = file_.read(*ref);
    if (!chunk) {
      return chunk.error();
    }
    if (!check_accesses(*chunk, stream, marker)) {
      break;
    }
  }
  return {};
}

Result<std::optional<Violation>> Validator::run() {
  std::map<std::uint32_t, Stream> streams;
  Refs tables;
  for (const TraceFile::ChunkRef& ref : file_.chunks()) {
    Stream* stream = ref.header.family == Family::sync || ref.header.family == Family::access
                         ? &streams[ref.header.stream]
                         : nullptr;
    if (stream != nullptr) {
      (ref.header.family == Family::sync ? stream->sync : stream->access).push_back(&ref);
    } else if (ref.header.family == Family::tables) {
      tables.push_back(&ref);
    }
  }
  check_sequence(tables);
  for (auto& [id, stream] : streams) {
    check_sequence(stream.sync);
    check_sequence(stream.access);
    if (Result<void> read = check_events(stream); !read) {
      return read.error();
    }
    if (Result<void> read = check_accesses(stream); !read) {
      return read.error();
    }
  }
  const Report to_report = [&](Rule rule, std::uint64_t offset, std::string what) {
    report(rule, offset, std::move(what));
  };
  objects_.finish(to_report);
  actors_.finish(to_report);
  if (file_.truncated()) {
    const std::string& where = file_.truncated()->where;
    report(Rule::whole_file, std::stoull("0" + where.substr(where.rfind(':') + 1)), file_.truncated()->what);
  }
  return first_;
}

}  // namespace

std::string_view rule_text(Rule rule) {
  switch (rule) {
#define GORDIAN_RULE(number, name, text) \
  case Rule::name:                       \
    return text;
#include "runtime/trace/rules.def"
#undef GORDIAN_RULE
  }
  return "";
}

Result<std::optional<Violation>> validate(const TraceFile& file) { return Validator(file).run(); }

}  // namespace gordian::trace
