// SPDX-License-Identifier: Apache-2.0
// fuzz_corpus CORPUS [SEEDS]: every target over every file of the corpus, without libFuzzer. corpus/text holds traces
// as text, corpus/file what fuzzing has found. With a second folder the files that the texts make are written there, to
// begin fuzzing with.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>
#include <vector>

#include "runtime/trace/text.h"
#include "tests/fuzz/targets.h"

namespace {

using gordian::test::Bytes;
namespace fs = std::filesystem;

// None if there is no such folder: a clone has no empty ones.
std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code missing;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, missing)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Bytes read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void try_file(const Bytes& bytes) {
  gordian::test::read_file(bytes);
  gordian::test::look_at_it(bytes);
  gordian::test::pack_and_unpack(bytes);
}

// False: it does not read as a text trace.
bool try_text(const fs::path& path, const fs::path& seeds) {
  const Bytes text = read(path);
  gordian::test::read_text(text);
  const auto made = gordian::trace::from_text({reinterpret_cast<const char*>(text.data()), text.size()}, path.string());
  if (!made) {
    std::cerr << made.error().where << ": " << made.error().what << '\n';
    return false;
  }
  try_file(*made);
  if (!seeds.empty()) {
    std::ofstream(seeds / path.stem(), std::ios::binary)
        .write(reinterpret_cast<const char*>(made->data()), static_cast<std::streamsize>(made->size()));
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    return 2;
  }
  const fs::path corpus = argv[1];
  const fs::path seeds = argc > 2 ? argv[2] : "";
  const std::vector<fs::path> texts = files_in(corpus / "text");
  const bool good =
      std::all_of(texts.begin(), texts.end(), [&](const fs::path& path) { return try_text(path, seeds); });
  for (const fs::path& path : files_in(corpus / "file")) {
    gordian::test::read_text(read(path));
    try_file(read(path));
  }
  return good && !texts.empty() ? 0 : 1;
}
