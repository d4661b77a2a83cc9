// SPDX-License-Identifier: Apache-2.0
#include "runtime/trace/builder.h"

#include <algorithm>
#include <cstring>

#include "runtime/trace/access_word.h"
#include "runtime/trace/file_checksum.h"

namespace gordian::trace {

std::uint32_t UnitBuilder::location(std::uint32_t line) {
  table_.locations.push_back({function_name_, file_, line, 1, 0});
  return static_cast<std::uint32_t>(table_.locations.size() - 1);
}

FunctionId UnitBuilder::function(std::string_view name, std::string_view file, std::uint32_t line) {
  function_name_ = table_.add_text(name);
  file_ = table_.add_text(file);
  SiteFunction function{.linkage_name = function_name_, .location = location(line)};
  function.first_site = static_cast<std::uint32_t>(table_.sites.size());
  function.first_call = static_cast<std::uint32_t>(table_.calls.size());
  function.first_group = static_cast<std::uint32_t>(table_.groups.size());
  table_.functions.push_back(function);
  return FunctionId(table_.function_base + static_cast<std::uint32_t>(table_.functions.size() - 1));
}

std::uint32_t UnitBuilder::access(std::uint32_t line, std::string_view name, AccessKind kind, std::uint32_t size,
                                  NameKind name_kind) {
  table_.sites.push_back({location(line), table_.add_text(name), size, kind, name_kind, 0});
  return table_.functions.back().site_count++;
}

std::uint32_t UnitBuilder::group(std::initializer_list<SiteGroupMember> members) {
  table_.groups.push_back(
      {static_cast<std::uint32_t>(table_.group_members.size()), static_cast<std::uint32_t>(members.size())});
  table_.group_members.insert(table_.group_members.end(), members);
  SiteFunction& function = table_.functions.back();
  return function.site_count + function.group_count++;
}

std::uint32_t UnitBuilder::call(std::uint32_t line, std::string_view callee, std::string_view object) {
  table_.calls.push_back({location(line), table_.add_text(callee), table_.add_text(object)});
  return ++table_.functions.back().call_count;
}

void UnitBuilder::global(std::string_view name, std::uint64_t address, std::uint32_t size, std::string_view file,
                         std::uint32_t line, std::uint32_t element_size) {
  table_.locations.push_back({0, table_.add_text(file), line, 1, 0});
  table_.globals.push_back({table_.add_text(name), static_cast<std::uint32_t>(table_.locations.size() - 1), size,
                            element_size, static_cast<std::uint32_t>(table_.members.size()), 0});
  table_.global_addresses.push_back(address);
}

void UnitBuilder::member(std::string_view name, std::uint32_t offset, std::uint32_t size, std::uint32_t element_size,
                         std::uint32_t inner) {
  table_.members.push_back({table_.add_text(name), offset, size, element_size, inner});
  ++table_.globals.back().member_count;
}

std::vector<std::uint8_t>& StreamBuilder::open(Family family) {
  Half& part = half(family);
  if (!part.is_open) {
    FileChunk header;
    header.family = family;
    header.stream = id_;
    header.sequence = part.sequence++;
    header.actor = actor_;
    header.first_ordinal = ordinal_;
    part.chunk = trace_.add_chunk(header, {});
    part.is_open = true;
    part.forgotten = true;
    part.known.clear();
    part.marker = ~std::uint64_t{0};
  }
  return trace_.payload(part.chunk);
}

StreamBuilder& StreamBuilder::words(std::span<const std::uint64_t> words) {
  std::vector<std::uint8_t>& out = open(Family::access);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(words.data());
  out.insert(out.end(), bytes, bytes + words.size_bytes());
  return *this;
}

StreamBuilder& StreamBuilder::words(std::initializer_list<std::uint64_t> list) {
  return words(std::span(list.begin(), list.size()));
}

StreamBuilder& StreamBuilder::call(std::uint64_t parent_call_site, FunctionId function) {
  frames_.push_back(parent_call_site << 32 | function.value);
  return *this;
}

StreamBuilder& StreamBuilder::ret() {
  frames_.pop_back();
  return *this;
}

StreamBuilder& StreamBuilder::stack(std::vector<std::uint64_t> frames) {
  frames_ = std::move(frames);
  return *this;
}

StreamBuilder& StreamBuilder::cut(Family family) {
  half(family).is_open = false;
  return *this;
}

StreamBuilder& StreamBuilder::cut() { return cut(Family::sync).cut(Family::access); }

void StreamBuilder::forget() {
  for (Half* part : {&sync_, &access_}) {
    part->known.clear();
    part->forgotten = true;
  }
}

bool StreamBuilder::delta(Family family, std::uint64_t& pop, std::vector<std::uint64_t>& push) {
  open(family);
  Half& part = half(family);
  const auto [known, wanted] = std::mismatch(part.known.begin(), part.known.end(), frames_.begin(), frames_.end());
  pop = part.forgotten ? kPopAll : static_cast<std::uint64_t>(part.known.end() - known);
  push.assign(wanted, frames_.end());
  part.known = frames_;
  const bool was_forgotten = std::exchange(part.forgotten, false);
  return was_forgotten ? !push.empty() : pop > 0 || !push.empty();
}

void StreamBuilder::write_stack_event() {
  std::uint64_t pop = 0;
  std::vector<std::uint64_t> push;
  if (delta(Family::sync, pop, push)) {
    event(Stack{pop, push});
  }
}

void StreamBuilder::write_access_state() {
  open(Family::access);
  if (access_.marker != ordinal_) {
    words({control_word(ControlType::marker, ordinal_)});
    access_.marker = ordinal_;
  }
  std::uint64_t pop = 0;
  std::vector<std::uint64_t> push;
  if (delta(Family::access, pop, push)) {
    words({stack_word(pop, push.size())});
    words(push);
  }
}

StreamBuilder& StreamBuilder::access(std::uint64_t site, std::uint64_t address) {
  write_access_state();
  if (site > kMaxPlainSite) {
    return words({control_word(ControlType::wide, site), address});
  }
  return words({access_word(site, address)});
}

StreamBuilder& StreamBuilder::range(std::uint64_t site, std::uint64_t address, std::uint64_t bytes) {
  write_access_state();
  return words({control_word(ControlType::range, site), address, bytes});
}

StreamBuilder& StreamBuilder::strided(std::uint64_t site, std::uint64_t address, std::uint64_t count,
                                      std::int64_t stride) {
  write_access_state();
  return words({control_word(ControlType::strided, site), address, count, static_cast<std::uint64_t>(stride)});
}

StreamBuilder& StreamBuilder::matrix(std::uint64_t site, std::uint64_t address, std::uint64_t count,
                                     std::int64_t stride, std::uint64_t rows, std::int64_t row_stride) {
  write_access_state();
  return words({control_word(ControlType::matrix, site), address, count, static_cast<std::uint64_t>(stride), rows,
                static_cast<std::uint64_t>(row_stride)});
}

StreamBuilder& StreamBuilder::bitmap(std::uint64_t site, std::uint64_t address, unsigned shift,
                                     const std::vector<std::uint64_t>& bits) {
  write_access_state();
  return words({bitmap_word(site, shift, bits.size()), address}).words(bits);
}

StreamBuilder& TraceBuilder::stream() { return stream(static_cast<std::uint32_t>(streams_.size() + 1)); }

StreamBuilder& TraceBuilder::stream(std::uint32_t id) { return streams_.try_emplace(id, *this, id).first->second; }

void TraceBuilder::add_table(const UnitTable& table) { tables_.push_back(table); }

std::size_t TraceBuilder::add_chunk(const FileChunk& header, std::vector<std::uint8_t> payload) {
  chunks_.push_back({header, std::move(payload)});
  return chunks_.size() - 1;
}

void append_chunk(std::vector<std::uint8_t>& out, FileChunk header, std::span<const std::uint8_t> payload) {
  header.magic = kFileChunkMagic;
  header.codec = Codec::none;
  header.raw_bytes = header.stored_bytes = static_cast<std::uint32_t>(payload.size());
  header.checksum = chunk_checksum(header, payload.data());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(&header);
  out.insert(out.end(), bytes, bytes + sizeof header);
  out.insert(out.end(), payload.begin(), payload.end());
}

void TraceBuilder::append_tables(std::vector<std::uint8_t>& out) const {
  std::vector<std::uint8_t> joined;
  std::vector<UnitTable> all = tables_;
  if (!unit_.table().functions.empty() || !unit_.table().globals.empty()) {
    all.push_back(unit_.table());
  }
  for (const UnitTable& table : all) {
    const std::vector<std::uint8_t> record = encode_table(table);
    joined.insert(joined.end(), record.begin(), record.end());
  }
  FileChunk header;
  header.family = Family::tables;
  for (std::size_t at = 0; at < joined.size(); at += kChunkBytes, ++header.sequence) {
    append_chunk(out, header, std::span(joined).subspan(at, std::min<std::size_t>(kChunkBytes, joined.size() - at)));
  }
}

std::vector<std::uint8_t> TraceBuilder::bytes() const {
  FileHeader header = header_;
  header.program_bytes = static_cast<std::uint32_t>(program_.size());
  header.command_bytes = static_cast<std::uint32_t>(command_.size());
  const auto* raw = reinterpret_cast<const std::uint8_t*>(&header);
  std::vector<std::uint8_t> out(raw, raw + sizeof header);
  out.insert(out.end(), program_.begin(), program_.end());
  out.insert(out.end(), command_.begin(), command_.end());
  append_tables(out);
  for (const Part& part : chunks_) {
    append_chunk(out, part.header, part.payload);
  }
  if (has_end_) {
    FileChunk chunk;
    chunk.family = Family::end;
    append_chunk(out, chunk, std::span(reinterpret_cast<const std::uint8_t*>(&end_), sizeof end_));
  }
  return out;
}

}  // namespace gordian::trace
