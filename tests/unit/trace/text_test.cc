// SPDX-License-Identifier: Apache-2.0
// The text twin: the example of FORMAT.md reads back as it stands there, mistakes are named by their line, and the
// canonical form forgets what differs from run to run.
#include "runtime/trace/text.h"

#include <gtest/gtest.h>

#include <sstream>

namespace gordian::trace {
namespace {

std::string print(const TraceFile& file, bool canonical = false) {
  std::ostringstream out;
  EXPECT_TRUE(to_text(file, out, {canonical}));
  return out.str();
}

TraceFile parse(std::string_view text) {
  const auto bytes = from_text(text, "test");
  EXPECT_TRUE(bytes) << bytes.error().what;
  auto file = TraceFile::from_bytes(*bytes, "test");
  EXPECT_TRUE(file);
  return std::move(*file);
}

constexpr std::string_view kTrace = R"(gordian-trace 1
header pid=7 realtime=1 monotonic=2 cycles=3 parent=0
options 0
program "/bin/a \"b\"\x0a"
chunk sync stream=1 sequence=0 actor=0 ordinal=0 cycles=11 ns=12
  thread-start actor=1 tid=100
  switch actor=1 run=1 cycles=77
  stack pop=all push=[0:1 3:2]
  object site=2 object=5 kind=3 address=0xabc capacity=1
  chan-send object=5 ticket=1 actor=timer
  wg-add object=6 ticket=1 delta=-2 value=-1
  select site=1 chosen=1 ready=2 cases=[0 11]
  name text="line\x0abreak"
chunk access stream=1 sequence=0 actor=1 ordinal=8 cycles=0 ns=0
  marker 8
  stack pop=all push=[0:1]
  access site=70000 address=0xabc
  range site=1 address=0xdef bytes=9
  strided site=1 address=0xabc count=3 stride=-16
  matrix site=1 address=0xabc count=3 stride=8 rows=2 row_stride=-4096
  bitmap site=1 address=0xabc shift=3 bits=[0x5 0xffffffffffffffff]
  bitmap site=1 address=0xdef ranges=1 bits=[0xf0]
end signaled status=9 lost-sync=1 lost-access=2
)";

TEST(Text, ComesBack) {
  const TraceFile file = parse(kTrace);
  EXPECT_EQ(print(file), kTrace);
  EXPECT_EQ(file.end()->status, 9);
}

TEST(Text, GroupsComeBack) {
  constexpr std::string_view kGroups = R"(gordian-trace 1
options 0
program "/bin/a"
table base=1 module=0x0 path="/bin/a"
  location function="f" file="f.cc" line=1 column=1 inlined=0
  function linkage="f" location=0 first-site=0 sites=2 first-call=0 calls=0 first-group=0 groups=1
  site location=0 name="" size=8 kind=1 name-kind=0
  site location=0 name="" size=8 kind=0 name-kind=0
  group first-member=0 members=2
  group-member site=0 offset=0
  group-member site=1 offset=-8
chunk access stream=1 sequence=0 actor=1 ordinal=0 cycles=0 ns=0
  marker 0
  stack pop=all push=[0:1]
  access site=0 address=0x10
  access site=2 address=0x10
  strided site=2 address=0x10 count=3 stride=16
)";
  std::string printed = print(parse(kGroups));
  const std::size_t header = printed.find("header ");
  printed.erase(header, printed.find('\n', header) + 1 - header);
  EXPECT_EQ(printed, kGroups);
}

TEST(Text, NamesTheBadLine) {
  for (const char* bad : {"chunk sync stream=1\n  thread-strat\n", "chunk sync stream=1\n  go child=x\n",
                          "chunk access stream=1\n  go child=1\n", "chunk sync stream=1\n  name text=\"open\n"}) {
    const auto bytes = from_text(bad, "bad.txt");
    ASSERT_FALSE(bytes) << bad;
    EXPECT_EQ(bytes.error().where, "bad.txt:2") << bad;
  }
}

TEST(Text, CanonicalHasOrdinalsAndNoClocks) {
  const std::string text = print(parse(kTrace), true);
  EXPECT_NE(text.find("access site=70000 address=@1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("range site=1 address=@2 bytes=9\n"), std::string::npos) << text;
  for (const char* chance : {"pid", "tid", "cycles", "0xabc", "ns="}) {
    EXPECT_EQ(text.find(chance), std::string::npos) << chance;
  }
}

}  // namespace
}  // namespace gordian::trace
