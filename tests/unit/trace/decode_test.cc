// SPDX-License-Identifier: Apache-2.0
// Every event of events.def comes back as it was written, with extreme values in every field; so does every access
// record.
#include "runtime/trace/decode.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <set>
#include <string>

#include "runtime/trace/builder.h"
#include "runtime/trace/encode.h"

namespace gordian::trace {
namespace {

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
constexpr std::array<std::uint64_t, 5> kValues = {0, 1, 127, 128, kMax};
const std::vector<std::uint64_t> kList = {0, kMax, 300};

// Gives each field a different one of the extreme values.
struct Filler {
  std::size_t next;
  void site(const char*, std::uint64_t& value) { value = kValues[next++ % kValues.size()]; }
  void number(const char*, std::uint64_t& value) { value = kValues[next++ % kValues.size()]; }
  void signed_number(const char*, std::int64_t& value) {
    value = next++ % 2 == 0 ? std::numeric_limits<std::int64_t>::min() : -1;
  }
  void list(const char*, std::span<const std::uint64_t>& value) { value = kList; }
  void text(const char*, std::string_view& value) { value = "text with \0 inside"; }
};

struct Printer {
  std::string out;
  void site(const char*, std::uint64_t value) { out += std::to_string(value) + ' '; }
  void number(const char*, std::uint64_t value) { out += std::to_string(value) + ' '; }
  void signed_number(const char*, std::int64_t value) { out += std::to_string(value) + ' '; }
  void list(const char*, std::span<const std::uint64_t> values) {
    for (const std::uint64_t value : values) {
      out += std::to_string(value) + ',';
    }
  }
  void text(const char*, std::string_view value) { out += value; }
};

template <class Event>
std::string print(const Event& event) {
  Printer printer;
  visit_fields(event, printer);
  return printer.out;
}

template <class Event>
void expect_round_trip() {
  for (std::size_t start = 0; start < kValues.size(); ++start) {
    Event event;
    visit_fields(event, Filler{start});
    std::vector<std::uint8_t> bytes(encoded_bound(event));
    bytes.resize(static_cast<std::size_t>(encode(bytes.data(), event) - bytes.data()));
    EventReader reader(bytes, 0);
    const Result<AnyEvent> read = reader.next();
    ASSERT_TRUE(read) << Event::kName;
    const auto* same = std::get_if<Event>(&*read);
    ASSERT_NE(same, nullptr) << Event::kName;
    EXPECT_EQ(print(*same), print(event)) << Event::kName;
    EXPECT_EQ(reader.next()->index(), 0u);
  }
}

TEST(Decode, EveryEventComesBack) {
#define GORDIAN_EVENT(number, Type, text, critical, fields) expect_round_trip<Type>();
#include "runtime/trace/events.def"
#undef GORDIAN_EVENT
}

TEST(Decode, KindsAreUniqueAndBelowTheSkippableOnes) {
  std::set<int> numbers;
#define GORDIAN_EVENT(number, Type, text, critical, fields) \
  EXPECT_TRUE(numbers.insert(number).second) << text;       \
  EXPECT_LT(number, kFirstSkippableKind) << text;
#include "runtime/trace/events.def"
#undef GORDIAN_EVENT
}

TEST(Decode, SkipsLaterSkippableKindsAndRefusesLaterCriticalOnes) {
  const std::vector<std::uint8_t> skippable = {200, 3, 9, 9, 9, static_cast<std::uint8_t>(EventKind::GoEnd)};
  EXPECT_TRUE(std::holds_alternative<GoEnd>(*EventReader(skippable, 0).next()));
  const std::vector<std::uint8_t> critical = {191, 1, 1};
  const Result<AnyEvent> refused = EventReader(critical, 40).next();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unsupported);
  EXPECT_EQ(refused.error().where, "40");
}

TEST(Decode, AccessRecordsComeBack) {
  const std::vector<std::uint64_t> words = {0,
                                            control_word(ControlType::marker, 7),
                                            stack_word(kPopAll, 2),
                                            1,
                                            std::uint64_t{5} << 32 | 2,
                                            access_word(3, 0x7fffffffffff),
                                            control_word(ControlType::wide, 70000),
                                            0x1000,
                                            control_word(ControlType::range, 4),
                                            0x2000,
                                            100,
                                            control_word(ControlType::strided, 5),
                                            0x3000,
                                            10,
                                            static_cast<std::uint64_t>(-8),
                                            control_word(ControlType::matrix, 6),
                                            0x4000,
                                            3,
                                            8,
                                            4,
                                            static_cast<std::uint64_t>(-64),
                                            bitmap_word(kMaxPlainSite, kMostBitmapShift, 2),
                                            0x5000,
                                            6,
                                            9,
                                            bitmap_word(7 | kBitmapOfRanges, 0, 0),
                                            0x6000};
  AccessReader reader(words, 0);
  using Type = AccessRecord::Type;
  EXPECT_EQ(reader.next()->ordinal, 7u);
  const auto stack = reader.next();
  EXPECT_EQ(stack->pop, kPopAll);
  ASSERT_EQ(stack->push.size(), 2u);
  EXPECT_EQ(stack->push[1], std::uint64_t{5} << 32 | 2);
  const auto access = reader.next();
  EXPECT_EQ(access->type, Type::access);
  EXPECT_EQ(access->site, 3u);
  EXPECT_EQ(access->address, 0x7fffffffffffu);
  EXPECT_EQ(reader.next()->site, 70000u);
  EXPECT_EQ(reader.next()->bytes, 100u);
  EXPECT_EQ(reader.next()->stride, -8);
  const auto matrix = reader.next();
  EXPECT_EQ(matrix->type, Type::matrix);
  EXPECT_EQ(matrix->site, 6u);
  EXPECT_EQ(matrix->count, 3u);
  EXPECT_EQ(matrix->stride, 8);
  EXPECT_EQ(matrix->rows, 4u);
  EXPECT_EQ(matrix->row_stride, -64);
  const auto bitmap = reader.next();
  EXPECT_EQ(bitmap->type, Type::bitmap);
  EXPECT_EQ(bitmap->site, kMaxPlainSite);
  EXPECT_EQ(bitmap->address, 0x5000u);
  EXPECT_EQ(bitmap->shift, kMostBitmapShift);
  EXPECT_FALSE(bitmap->is_of_ranges);
  ASSERT_EQ(bitmap->bits.size(), 2u);
  EXPECT_EQ(bitmap->bits[1], 9u);
  const auto ranges = reader.next();
  EXPECT_EQ(ranges->site, 7u);
  EXPECT_TRUE(ranges->is_of_ranges);
  EXPECT_EQ(ranges->shift, 0u);
  EXPECT_EQ(ranges->bits.size(), 0u);
  EXPECT_EQ(reader.next()->type, Type::end);
}

TEST(Decode, PlainWordsComeAsARun) {
  const std::vector<std::uint64_t> words = {access_word(1, 8), access_word(2, 16), control_word(ControlType::marker, 1),
                                            access_word(3, 24)};
  AccessReader reader(words, 0);
  EXPECT_EQ(reader.plain_words().size(), 2u);
  EXPECT_EQ(reader.plain_words().size(), 0u);
  EXPECT_EQ(reader.next()->type, AccessRecord::Type::marker);
  EXPECT_EQ(reader.plain_words().size(), 1u);
}

}  // namespace
}  // namespace gordian::trace
