// SPDX-License-Identifier: Apache-2.0
// How places are written and which source lines may be quoted.
#include "analyzer/report/page.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/scratch_folder.h"

namespace gordian::analysis::report {
namespace {

class PageTest : public testing::Test {
 protected:
  PageTest() {
    std::ofstream(file_) << "int counter;\n\n\t  counter++;  // increment \n"
                         << std::string(200, 'x') << "\n\xff\x1b[2J\n";
  }

  Frame line(std::uint32_t number) const {
    return {.function = "f", .file = file_, .line = number, .column = 0, .internal = false};
  }

  TextOptions quoting() const {
    TextOptions options;
    options.quote_sources_older_than_ns = ~std::uint64_t{0};
    return options;
  }

  test::ScratchFolder scratch_;
  std::string folder_ = scratch_.path();
  std::string file_ = folder_ + "/source.cc";
};

TEST_F(PageTest, PlacesAreRelativeToTheBaseFolderOnly) {
  TextOptions options;
  options.base_folder = folder_;
  EXPECT_EQ(Page(options).place(line(3)), "source.cc:3");
  options.base_folder = folder_.substr(0, folder_.size() - 1);
  EXPECT_EQ(Page(options).place(line(3)), file_ + ":3");
  options.base_folder = "";
  EXPECT_EQ(Page(options).place(line(3)), file_ + ":3");
  EXPECT_EQ(Page(options).place({}), "unknown place");
}

TEST_F(PageTest, QuotesTheLineWithoutItsIndentation) {
  const TextOptions options = quoting();
  Page page(options);
  EXPECT_EQ(page.quote(line(1)), "int counter;");
  EXPECT_EQ(page.quote(line(2)), "");
  EXPECT_EQ(page.quote(line(3)), "counter++;  // increment");
  EXPECT_EQ(page.quote(line(4)), std::string(57, 'x') + "...") << "one word, wider than the limit";
  EXPECT_EQ(page.quote(line(5)), "\xEF\xBF\xBD\xEF\xBF\xBD[2J");
  EXPECT_EQ(page.quote(line(6)), "");
  EXPECT_EQ(page.quote(line(0)), "");
}

TEST_F(PageTest, CutsALongQuoteBetweenWords) {
  const TextOptions options = quoting();
  Page page(options);
  EXPECT_EQ(page.quote(line(3), 24), "counter++;  // increment") << "it fits";
  EXPECT_EQ(page.quote(line(3), 23), "counter++;  //...");
  EXPECT_EQ(page.quote(line(3), 16), "counter++;...");
  EXPECT_EQ(page.quote(line(3), 13), "counter++;...") << "just fits before the space";
  EXPECT_EQ(page.quote(line(3), 12), "counter++...");
  EXPECT_EQ(page.quote(line(3), 3), "");
}

TEST_F(PageTest, NeverQuotesAFileThatChangedAfterTheStart) {
  TextOptions options;
  EXPECT_EQ(Page(options).quote(line(1)), "") << "quoting is off by default";
  options.quote_sources_older_than_ns = 1;
  EXPECT_EQ(Page(options).quote(line(1)), "");
}

TEST_F(PageTest, QuotesNoFoldersDevicesOrMissingFiles) {
  const TextOptions options = quoting();
  Page page(options);
  for (const std::string& file : {folder_, std::string("/dev/zero"), folder_ + "/missing.cc", std::string()}) {
    EXPECT_EQ(page.quote({.function = "", .file = file, .line = 1, .column = 0, .internal = false}), "") << file;
  }
}

}  // namespace
}  // namespace gordian::analysis::report
