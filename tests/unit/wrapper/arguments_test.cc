// SPDX-License-Identifier: Apache-2.0
// What gordian-clang++ makes of a command line: which words are added when, and that everything else stays as it was.
#include "instrument/wrapper/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gordian::wrapper {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

const Paths kPaths{"clang++-19", "/g/lib/libgordian_pass.so", "/g/include", "/g/lib"};

Words line(Words words) { return command_line(kPaths, words); }

TEST(CommandLine, CompilesWithPassAndDebugInformation) {
  EXPECT_THAT(line({"-c", "a.cc"}),
              ElementsAre("clang++-19", "--start-no-unused-arguments", "-fplugin=/g/lib/libgordian_pass.so",
                          "-fpass-plugin=/g/lib/libgordian_pass.so", "-Xclang", "-fsanitize=thread", "-D__GORDIAN__=1",
                          "-pthread", "-isystem", "/g/include", "-g", "--end-no-unused-arguments", "-c", "a.cc"));
}

TEST(CommandLine, LinksTheRuntimeLast) {
  const Words result = line({"a.o", "-o", "a"});
  EXPECT_THAT(Words(result.end() - 5, result.end()),
              ElementsAre("--start-no-unused-arguments", "-L/g/lib", "-Wl,-rpath,/g/lib", "-lgordian_rt",
                          "--end-no-unused-arguments"));
}

TEST(CommandLine, LinksSharedLibrariesToo) {
  EXPECT_THAT(line({"-shared", "a.o", "-o", "liba.so"}), Contains("-lgordian_rt"));
}

TEST(CommandLine, DoesNotLinkWhereClangDoesNot) {
  for (const char* option : {"-c", "-S", "-E", "-M", "-MM", "-fsyntax-only", "--precompile", "-r"}) {
    EXPECT_THAT(line({option, "a.cc"}), Not(Contains("-lgordian_rt"))) << option;
  }
}

TEST(CommandLine, PrecompilesHeaders) {
  EXPECT_THAT(line({"all.h", "-o", "all.pch"}), Not(Contains("-lgordian_rt")));
  EXPECT_THAT(line({"-x", "c++-header", "all", "-o", "all.pch"}), Not(Contains("-lgordian_rt")));
  EXPECT_THAT(line({"-xc++-header", "all", "-o", "all.pch"}), Not(Contains("-lgordian_rt")));
  EXPECT_THAT(line({"-x", "c++", "main.h", "-o", "main"}), Contains("-lgordian_rt"));
}

TEST(CommandLine, AnswersQuestionsWithoutInput) {
  for (const char* option :
       {"--version", "-v", "-print-search-dirs", "-dumpmachine", "--help", "-print-prog-name=ld"}) {
    EXPECT_THAT(line({option}), Not(Contains("-lgordian_rt"))) << option;
  }
}

TEST(CommandLine, ValueOfAnOptionIsNoInput) {
  EXPECT_THAT(line({"-o", "a", "-v"}), Not(Contains("-lgordian_rt")));
  // -c here is the name of an output file.
  EXPECT_THAT(line({"a.o", "-o", "-c"}), Contains("-lgordian_rt"));
}

TEST(CommandLine, KeepsTheUsersDebugLevel) {
  for (const char* option : {"-g0", "-g", "-g1", "-ggdb3", "-gline-tables-only", "-gdwarf-4"}) {
    const Words result = line({option, "-c", "a.cc"});
    EXPECT_EQ(std::count(result.begin(), result.end(), "-g"), option == std::string("-g") ? 1 : 0) << option;
  }
  for (const char* option : {"-gz", "-gno-column-info", "-gcc-toolchain"}) {
    EXPECT_THAT(line({option, "-c", "a.cc"}), Contains("-g")) << option;
  }
}

TEST(CommandLine, StandsInForThreadSanitizer) {
  const Words alone = line({"-fsanitize=thread", "a.cc"});
  EXPECT_EQ(std::count(alone.begin(), alone.end(), "-fsanitize=thread"), 1);  // behind -Xclang
  EXPECT_THAT(line({"-fsanitize=undefined,thread", "a.cc"}), Contains("-fsanitize=undefined"));
  EXPECT_THAT(line({"-fsanitize=undefined", "a.cc"}), Contains("-fsanitize=undefined"));
}

TEST(CommandLine, KeepsEmptyWords) { EXPECT_THAT(line({"-c", ""}), Contains("")); }

TEST(Response, SplitsAsClangDoes) {
  EXPECT_THAT(split_response("-c  a.cc\n-o\ta.o"), ElementsAre("-c", "a.cc", "-o", "a.o"));
  EXPECT_THAT(split_response("\"a b.cc\" 'c d' e\\ f \"g\\\"h\" ''"), ElementsAre("a b.cc", "c d", "e f", "g\"h", ""));
  EXPECT_THAT(split_response(" \n "), ElementsAre());
}

}  // namespace
}  // namespace gordian::wrapper
