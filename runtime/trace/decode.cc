// SPDX-License-Identifier: Apache-2.0
// Sync events and access records out of raw bytes. A cursor that has run past the end stays there and says so once, at
// the end of the event: fields need no checks of their own.
#include "runtime/trace/decode.h"

#include <optional>
#include <string>

#include "runtime/base/bits.h"

namespace gordian::trace {
namespace {

Error corrupt(std::uint64_t offset, std::string what) {
  return {ErrorKind::corrupt, std::to_string(offset), std::move(what), "the trace was damaged after it was recorded"};
}

// Reads fields in the order of events.def. Lists land in `words`, at most one list per event.
class FieldReader {
 public:
  FieldReader(std::span<const std::uint8_t> bytes, std::size_t position, std::vector<std::uint64_t>& words)
      : bytes_(bytes), position_(position), words_(words) {}

  void site(const char*, std::uint64_t& value) { value = varint(); }
  void number(const char*, std::uint64_t& value) { value = varint(); }
  void signed_number(const char*, std::int64_t& value) { value = unzigzag(varint()); }

  void list(const char*, std::span<const std::uint64_t>& value) {
    const std::uint64_t count = varint();
    if (count > left()) {  // an element takes at least one byte
      bad_ = true;
      return;
    }
    words_.clear();
    for (std::uint64_t i = 0; i < count && !bad_; ++i) {
      words_.push_back(varint());
    }
    value = words_;
  }

  void text(const char*, std::string_view& value) {
    const std::uint64_t count = varint();
    if (count > left()) {
      bad_ = true;
      return;
    }
    value = {reinterpret_cast<const char*>(bytes_.data()) + position_, static_cast<std::size_t>(count)};
    position_ += count;
  }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (position_ >= bytes_.size()) {
        break;
      }
      const std::uint8_t byte = bytes_[position_++];
      const std::uint64_t part = byte & 0x7f;
      if (shift == 63 && part > 1) {
        break;  // does not fit 64 bits
      }
      value |= part << shift;
      if (byte < 0x80) {
        return value;
      }
    }
    bad_ = true;
    return 0;
  }

  void skip(std::uint64_t count) {
    if (count > left()) {
      bad_ = true;
      return;
    }
    position_ += count;
  }

  [[nodiscard]] bool bad() const { return bad_; }
  [[nodiscard]] std::size_t position() const { return position_; }

 private:
  [[nodiscard]] std::size_t left() const { return bytes_.size() - position_; }

  std::span<const std::uint8_t> bytes_;
  std::size_t position_;
  std::vector<std::uint64_t>& words_;
  bool bad_ = false;
};

template <class Event>
AnyEvent read_event(FieldReader& reader) {
  Event event;
  visit_fields(event, reader);
  return event;
}

// Of a type that operand_count() knows, with as many operands.
AccessRecord record_of(std::uint64_t word, std::span<const std::uint64_t> operands) {
  const std::uint64_t payload = control_payload(word);
  AccessRecord record;
  switch (control_type(word)) {
    case ControlType::marker:
      record.type = AccessRecord::Type::marker;
      record.ordinal = payload;
      break;
    case ControlType::stack:
      record.type = AccessRecord::Type::stack;
      record.pop = payload & kPopAll;
      record.push = operands;
      break;
    case ControlType::range:
      record.type = AccessRecord::Type::range;
      record.site = payload;
      record.address = operands[0];
      record.bytes = operands[1];
      break;
    case ControlType::strided:
    case ControlType::matrix:
      record.type = AccessRecord::Type::strided;
      record.site = payload;
      record.address = operands[0];
      record.count = operands[1];
      record.stride = static_cast<std::int64_t>(operands[2]);
      if (control_type(word) == ControlType::matrix) {
        record.type = AccessRecord::Type::matrix;
        record.rows = operands[3];
        record.row_stride = static_cast<std::int64_t>(operands[4]);
      }
      break;
    case ControlType::wide:
      record.type = AccessRecord::Type::access;
      record.site = payload;
      record.address = operands[0];
      break;
    case ControlType::bitmap:
      record.type = AccessRecord::Type::bitmap;
      record.site = payload & kMaxPlainSite;
      record.shift = payload >> kBitmapShiftShift & kBitmapShiftMask;
      record.is_of_ranges = (payload & kBitmapOfRanges) != 0;
      record.address = operands[0];
      record.bits = operands.subspan(1);
      break;
  }
  return record;
}

}  // namespace

Result<AnyEvent> EventReader::next() {
  while (position_ < payload_.size()) {
    const std::uint8_t kind = payload_[position_];
    FieldReader reader(payload_, position_ + 1, words_);
    AnyEvent event;
    switch (static_cast<EventKind>(kind)) {
#define GORDIAN_EVENT(number, Type, text, critical, fields) \
  case EventKind::Type:                                     \
    event = read_event<Type>(reader);                       \
    break;
#include "runtime/trace/events.def"
#undef GORDIAN_EVENT
      default:
        if (kind == 0) {
          return corrupt(file_offset(), "event kind 0, which does not exist");
        }
        if (kind < kFirstSkippableKind) {
          return Error{ErrorKind::unsupported, std::to_string(file_offset()),
                       "unknown critical event kind " + std::to_string(kind),
                       "the trace was recorded by a newer version; analyse it with that one"};
        }
        reader.skip(reader.varint());
    }
    if (reader.bad()) {
      return corrupt(file_offset(), "event kind " + std::to_string(kind) + " runs past the end of its chunk");
    }
    position_ = reader.position();
    if (event.index() != 0) {
      return event;
    }
  }
  return AnyEvent{};
}

std::span<const std::uint64_t> AccessReader::plain_words() {
  const std::size_t first = position_;
  while (position_ < words_.size() && !is_control(words_[position_])) {
    ++position_;
  }
  return words_.subspan(first, position_ - first);
}

Result<AccessRecord> AccessReader::next() {
  while (position_ < words_.size() && words_[position_] == 0) {
    ++position_;
  }
  if (position_ == words_.size()) {
    return AccessRecord{};
  }
  if (!is_control(words_[position_])) {
    return plain_record();
  }
  return control_record();
}

AccessRecord AccessReader::plain_record() {
  const std::uint64_t word = words_[position_++];
  AccessRecord record;
  record.type = AccessRecord::Type::access;
  record.site = word >> kAddressBits;
  record.address = word & kAddressMask;
  return record;
}

Result<AccessRecord> AccessReader::control_record() {
  const std::uint64_t word = words_[position_];
  const std::optional<std::uint64_t> count = operand_count(word);
  if (!count) {
    return Error{ErrorKind::unsupported, std::to_string(file_offset()), "unknown access control word",
                 "the trace was recorded by a newer version; analyse it with that one"};
  }
  if (*count > words_.size() - position_ - 1) {
    return corrupt(file_offset(), "an access control word runs past the end of its chunk");
  }
  const AccessRecord record = record_of(word, words_.subspan(position_ + 1, *count));
  position_ += *count + 1;
  return record;
}

}  // namespace gordian::trace
