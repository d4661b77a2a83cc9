// SPDX-License-Identifier: Apache-2.0
#include "runtime/trace/text.h"

#include <array>
#include <map>
#include <type_traits>

#include "runtime/trace/tables.h"

namespace gordian::trace {
namespace {

constexpr std::array<std::string_view, 5> kFamilyNames = {"none", "sync", "access", "tables", "end"};
constexpr std::array<std::string_view, 3> kEndNames = {"unknown", "exited", "signaled"};

std::string hex(std::uint64_t value) {
  std::string digits;
  do {
    digits.insert(digits.begin(), "0123456789abcdef"[value % 16]);
    value /= 16;
  } while (value != 0);
  return "0x" + digits;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\x";
      out += "0123456789abcdef"[byte / 16];
      out += "0123456789abcdef"[byte % 16];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

// Addresses as they are, or numbered as they appear.
class Addresses {
 public:
  explicit Addresses(bool canonical) : canonical_(canonical) {}
  std::string operator()(std::uint64_t address) {
    if (!canonical_ || address == 0) {
      return hex(address);
    }
    return "@" + std::to_string(ordinals_.try_emplace(address, ordinals_.size() + 1).first->second);
  }

 private:
  bool canonical_;
  std::map<std::uint64_t, std::size_t> ordinals_;
};

// Prints the fields of an event as " name=value", zero and empty ones left out.
class FieldWriter {
 public:
  FieldWriter(std::ostream& out, Addresses& addresses, bool canonical)
      : out_(out), addresses_(addresses), canonical_(canonical) {}

  void site(const char* name, std::uint64_t value) { number(name, value); }
  void number(const char* name, std::uint64_t value) {
    const std::string_view field = name;
    const bool is_chance = field == "tid" || field == "cycles" || field == "stripe";
    if (value == 0 || (canonical_ && is_chance)) {
      return;
    }
    out_ << ' ' << name << '=';
    if (field == "address") {
      out_ << addresses_(value);
    } else if (value == kTimerActor && field == "actor") {
      out_ << "timer";
    } else {
      out_ << value;
    }
  }
  void signed_number(const char* name, std::int64_t value) {
    if (value != 0) {
      out_ << ' ' << name << '=' << value;
    }
  }
  void list(const char* name, std::span<const std::uint64_t> values) {
    if (values.empty()) {
      return;
    }
    out_ << ' ' << name << "=[";
    const char* separator = "";
    for (const std::uint64_t value : values) {
      out_ << separator << value;
      separator = " ";
    }
    out_ << ']';
  }
  void text(const char* name, std::string_view value) {
    if (!value.empty()) {
      out_ << ' ' << name << '=' << quoted(value);
    }
  }

 private:
  std::ostream& out_;
  Addresses& addresses_;
  bool canonical_;
};

class Writer {
 public:
  Writer(const TraceFile& file, std::ostream& out, const TextOptions& options)
      : file_(file), out_(out), canonical_(options.canonical), addresses_(options.canonical) {}

  Result<void> run() {
    write_header();
    Result<std::vector<UnitTable>> tables = read_tables(file_);
    if (!tables) {
      return tables.error();
    }
    for (const UnitTable& table : *tables) {
      write_table(table);
    }
    for (const TraceFile::ChunkRef& ref : file_.chunks()) {
      if (ref.header.family == Family::sync || ref.header.family == Family::access) {
        if (Result<void> written = write_chunk(ref); !written) {
          return written;
        }
      }
    }
    if (file_.end()) {
      const FileEnd& end = *file_.end();
      const auto kind = static_cast<std::size_t>(end.kind);
      out_ << "end " << (kind < kEndNames.size() ? kEndNames[kind] : "unknown") << " status=" << end.status
           << " lost-sync=" << end.lost_sync << " lost-access=" << end.lost_access << '\n';
    }
    return {};
  }

 private:
  void write_header() {
    const FileHeader& header = file_.header();
    out_ << "gordian-trace " << header.version << '\n';
    if (!canonical_) {
      out_ << "header pid=" << header.pid << " realtime=" << header.start_realtime_ns
           << " monotonic=" << header.start_monotonic_ns << " cycles=" << header.start_cycles
           << " parent=" << header.parent_trace;
      if (header.parent_fork != 0) {
        out_ << " fork=" << header.parent_fork;
      }
      out_ << '\n';
    }
    out_ << "options " << header.options << '\n' << "program " << quoted(file_.program()) << '\n';
    if (!file_.command().empty()) {
      out_ << "command " << quoted(file_.command()) << '\n';
    }
  }

  void write_table(const UnitTable& table) {
    const auto text = [&](std::uint32_t offset) { return quoted(table.text(offset)); };
    out_ << "table base=" << table.function_base << " module=" << addresses_(table.module_base)
         << " path=" << quoted(table.module_path) << '\n';
    for (const SiteLocation& entry : table.locations) {
      out_ << "  location function=" << text(entry.function) << " file=" << text(entry.file) << " line=" << entry.line
           << " column=" << entry.column << " inlined=" << entry.inlined_at << '\n';
    }
    for (const SiteFunction& entry : table.functions) {
      out_ << "  function linkage=" << text(entry.linkage_name) << " location=" << entry.location
           << " first-site=" << entry.first_site << " sites=" << entry.site_count << " first-call=" << entry.first_call
           << " calls=" << entry.call_count;
      if (entry.group_count != 0) {
        out_ << " first-group=" << entry.first_group << " groups=" << entry.group_count;
      }
      out_ << '\n';
    }
    for (const SiteAccess& entry : table.sites) {
      out_ << "  site location=" << entry.location << " name=" << text(entry.name) << " size=" << entry.size
           << " kind=" << unsigned{static_cast<std::uint8_t>(entry.kind)}
           << " name-kind=" << unsigned{static_cast<std::uint8_t>(entry.name_kind)}
           << (entry.covered_by == 0 ? "" : " covered-by=" + std::to_string(entry.covered_by)) << '\n';
    }
    for (const SiteCall& entry : table.calls) {
      out_ << "  call location=" << entry.location << " callee=" << text(entry.callee)
           << " object=" << text(entry.object) << '\n';
    }
    for (std::size_t i = 0; i < table.globals.size(); ++i) {
      const SiteGlobal& entry = table.globals[i];
      out_ << "  global name=" << text(entry.name) << " location=" << entry.location << " size=" << entry.size
           << " element=" << entry.element_size << " first-member=" << entry.first_member
           << " members=" << entry.member_count << " address=" << addresses_(table.global_addresses[i]) << '\n';
    }
    for (const SiteMember& entry : table.members) {
      out_ << "  member name=" << text(entry.name) << " offset=" << entry.offset << " size=" << entry.size
           << " element=" << entry.element_size << " inner=" << entry.inner << '\n';
    }
    for (const SiteGroup& entry : table.groups) {
      out_ << "  group first-member=" << entry.first_member << " members=" << entry.member_count << '\n';
    }
    for (const SiteGroupMember& entry : table.group_members) {
      out_ << "  group-member site=" << entry.site << " offset=" << entry.offset << '\n';
    }
  }

  Result<void> write_chunk(const TraceFile::ChunkRef& ref) {
    Result<Chunk> chunk = file_.read(ref);
    if (!chunk) {
      return chunk.error();
    }
    const FileChunk& header = chunk->header;
    out_ << "chunk " << kFamilyNames[static_cast<std::size_t>(header.family)] << " stream=" << header.stream
         << " sequence=" << header.sequence << " actor=" << header.actor << " ordinal=" << header.first_ordinal;
    if (!canonical_) {
      out_ << " cycles=" << header.cycles << " ns=" << header.monotonic_ns;
    }
    out_ << '\n';
    return header.family == Family::sync ? write_events(*chunk) : write_accesses(*chunk);
  }

  Error placed(Error error) const {
    error.where = file_.path() + ":" + error.where;
    return error;
  }

  Result<void> write_events(const Chunk& chunk) {
    EventReader reader(chunk.payload, chunk.payload_offset());
    for (;;) {
      Result<AnyEvent> event = reader.next();
      if (!event) {
        return placed(event.error());
      }
      if (event->index() == 0) {
        return {};
      }
      std::visit([&](const auto& e) { write_event(e); }, *event);
    }
  }
  void write_event(std::monostate) {}
  void write_event(const Stack& event) {
    out_ << "  stack";
    write_stack(event.pop, event.push);
  }
  template <class Event>
  void write_event(const Event& event) {
    out_ << "  " << Event::kName;
    visit_fields(event, FieldWriter(out_, addresses_, canonical_));
    out_ << '\n';
  }

  void write_stack(std::uint64_t pop, std::span<const std::uint64_t> push) {
    out_ << " pop=" << (pop == kPopAll ? "all" : std::to_string(pop)) << " push=[";
    const char* separator = "";
    for (const std::uint64_t entry : push) {
      out_ << separator << (entry >> 32) << ':' << (entry & 0xffffffff);
      separator = " ";
    }
    out_ << "]\n";
  }

  Result<void> write_accesses(const Chunk& chunk) {
    AccessReader reader(chunk.words(), chunk.payload_offset());
    for (;;) {
      Result<AccessRecord> record = reader.next();
      if (!record) {
        return placed(record.error());
      }
      if (record->type == AccessRecord::Type::end) {
        return {};
      }
      write_record(*record);
    }
  }

  void write_record(const AccessRecord& record) {
    const auto at = [&](const char* word) -> std::ostream& {
      return out_ << "  " << word << " site=" << record.site << " address=" << addresses_(record.address);
    };
    switch (record.type) {
      case AccessRecord::Type::end:
        break;
      case AccessRecord::Type::marker:
        out_ << "  marker " << record.ordinal << '\n';
        break;
      case AccessRecord::Type::stack:
        out_ << "  stack";
        write_stack(record.pop, record.push);
        break;
      case AccessRecord::Type::access:
        at("access") << '\n';
        break;
      case AccessRecord::Type::range:
        at("range") << " bytes=" << record.bytes << '\n';
        break;
      case AccessRecord::Type::strided:
        at("strided") << " count=" << record.count << " stride=" << record.stride << '\n';
        break;
      case AccessRecord::Type::matrix:
        at("matrix") << " count=" << record.count << " stride=" << record.stride << " rows=" << record.rows
                     << " row_stride=" << record.row_stride << '\n';
        break;
      case AccessRecord::Type::bitmap:
        at("bitmap") << (record.is_of_ranges ? " ranges=1" : "");
        if (record.shift != 0) {
          out_ << " shift=" << record.shift;
        }
        out_ << " bits=[";
        for (const std::uint64_t& bits : record.bits) {
          out_ << (&bits == record.bits.data() ? "" : " ") << "0x" << std::hex << bits << std::dec;
        }
        out_ << "]\n";
        break;
    }
  }

  const TraceFile& file_;
  std::ostream& out_;
  bool canonical_;
  Addresses addresses_;
};

}  // namespace

Result<void> to_text(const TraceFile& file, std::ostream& out, const TextOptions& options) {
  return Writer(file, out, options).run();
}

}  // namespace gordian::trace
