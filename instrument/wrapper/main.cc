// SPDX-License-Identifier: Apache-2.0
// gordian-clang and gordian-clang++: clang with Gordian's pass, headers and runtime. One program under two names; it
// rewrites the command line (arguments.h) and becomes the compiler by exec, so signals, status and job control are
// clang's.
//
// GORDIAN_CLANG and GORDIAN_CLANGXX name another compiler of the same LLVM version.
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "instrument/wrapper/arguments.h"

namespace {

using gordian::wrapper::Paths;
using gordian::wrapper::Words;
namespace fs = std::filesystem;

constexpr int kNotExecutable = 126;
constexpr int kNotFound = 127;
constexpr int kDeepestResponse = 16;

std::string environment_or(const char* variable, const char* otherwise) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

// Build tree and installation have the same shape: bin/ beside lib/. Headers are in the source tree or in include/.
std::string find_headers(const fs::path& root) {
  std::error_code ignored;
  const fs::path installed = root / "include";
  if (!fs::exists(installed / "gordian" / "gordian.h", ignored)) {
    return GORDIAN_SOURCE_INCLUDE;
  }
  // Naming a default folder again would move it in front of the C++ library's, whose headers must come first.
  return root == "/usr" || root == "/usr/local" ? "" : installed.string();
}

Paths find_paths(bool cxx) {
  std::error_code ignored;
  const fs::path self = fs::read_symlink("/proc/self/exe", ignored);
  const fs::path root = self.parent_path().parent_path();
  return {cxx ? environment_or("GORDIAN_CLANGXX", GORDIAN_DEFAULT_CLANGXX)
              : environment_or("GORDIAN_CLANG", GORDIAN_DEFAULT_CLANG),
          root / "lib" / "libgordian_pass.so", find_headers(root), root / "lib"};
}

void expand(std::string_view word, Words& words, int depth) {
  std::ifstream file;
  if (word.size() > 1 && word.front() == '@' && depth < kDeepestResponse) {
    file.open(std::string(word.substr(1)), std::ios::binary);
  }
  if (!file.is_open()) {
    words.emplace_back(word);
    return;
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (const std::string& inner : gordian::wrapper::split_response(text)) {
    expand(inner, words, depth + 1);
  }
}

int become(const Words& line) {
  std::vector<char*> words;
  for (const std::string& word : line) {
    words.push_back(const_cast<char*>(word.c_str()));
  }
  words.push_back(nullptr);
  execvp(words[0], words.data());
  const int error = errno;
  std::fprintf(stderr,
               "gordian: cannot run the compiler %s: %s; set GORDIAN_CLANG and GORDIAN_CLANGXX to clang " GORDIAN_LLVM
               "\n",
               words[0], std::strerror(error));
  return error == ENOENT ? kNotFound : kNotExecutable;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string name = fs::path(argc > 0 ? argv[0] : "").filename();
  Words words;
  for (int i = 1; i < argc; ++i) {
    expand(argv[i], words, 0);
  }
  return become(gordian::wrapper::command_line(find_paths(name.ends_with("++")), words));
}
