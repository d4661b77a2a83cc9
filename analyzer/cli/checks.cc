// SPDX-License-Identifier: Apache-2.0
// Each check does the thing itself, small, rather than ask for a version.
#include "analyzer/cli/checks.h"

#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "analyzer/drawing/draw.h"
#include "runtime/trace/access_word.h"
#include "runtime/trace/ring_layout.h"

namespace gordian::cli {
namespace {

namespace fs = std::filesystem;

constexpr auto kSetup = "scripts/setup installs it";

std::string why() { return std::strerror(errno); }

std::string find_in_path(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    const fs::path candidate = fs::path(folder.empty() ? "." : folder) / name;
    if (access(candidate.c_str(), X_OK) == 0) {
      return candidate.string();
    }
  }
  return {};
}

// The value of the first `key: value` line of a file in /proc, or "".
std::string proc_value(const char* file, const std::string& key) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const std::size_t colon = line.find(':');
    if (line.starts_with(key) && colon != std::string::npos) {
      return line.substr(std::min(line.size(), colon + 2));
    }
  }
  return {};
}

analysis::Finding tiny_finding() {
  analysis::Finding finding;
  finding.kind = analysis::FindingKind::Deadlock;
  analysis::GraphNode goroutine;
  goroutine.actor.id = ActorId{1};
  goroutine.guilty = true;
  analysis::GraphNode lock;
  lock.kind = analysis::NodeKind::object;
  lock.object.object_class = analysis::ObjectClass::sync;
  lock.object.sync_kind = trace::ObjectKind::mutex;
  lock.object.id = ObjectId{1};
  finding.graph.nodes = {goroutine, lock};
  analysis::GraphEdge waits;
  waits.to = 1;
  analysis::GraphEdge held;
  held.from = 1;
  held.kind = analysis::EdgeKind::held;
  finding.graph.edges = {waits, held};
  return finding;
}

}  // namespace

Check check_compiler() {
  const std::string name = "clang++-" GORDIAN_LLVM;
  const std::string found = find_in_path(name);
  if (found.empty()) {
    return {"compiler", false, name + " is not in the PATH", "scripts/setup --llvm=" GORDIAN_LLVM " installs it"};
  }
  return {"compiler", true, found, ""};
}

Check check_part(const std::string& file) {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  const fs::path part = (self.parent_path().parent_path() / file).lexically_normal();
  if (error || !fs::exists(part, error)) {
    return {fs::path(file).filename().string(), false, part.string() + " is missing",
            "build or install all of Gordian"};
  }
  return {fs::path(file).filename().string(), true, part.string(), ""};
}

Check check_ring() {
  const std::size_t bytes = trace::kDefaultRingBytes;
  const int descriptor = memfd_create("gordian-doctor", MFD_CLOEXEC);
  if (descriptor < 0 || ftruncate(descriptor, static_cast<off_t>(bytes)) != 0) {
    return {"shared ring", false, "memfd_create: " + why(),
            "Linux 3.17 or newer, and a sandbox that allows memfd_create"};
  }
  void* ring = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  const std::string reason = ring == MAP_FAILED ? why() : "";
  if (ring != MAP_FAILED) {
    munmap(ring, bytes);
  }
  close(descriptor);
  if (!reason.empty()) {
    return {"shared ring", false, "mapping it: " + reason, "raise the limit of virtual memory (ulimit -v)"};
  }
  return {"shared ring", true, std::to_string(bytes >> 20) + " MiB memfd", ""};
}

Check check_socket() {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
    return {"unix sockets", false, "socketpair: " + why(), "a sandbox that allows AF_UNIX sockets"};
  }
  close(pair[0]);
  close(pair[1]);
  return {"unix sockets", true, "allowed", ""};
}

Check check_address_space() {
  void* page = mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  const auto address = reinterpret_cast<std::uintptr_t>(page);
  if (page == MAP_FAILED || address > trace::kAddressMask) {
    return {"address space", false, "user addresses have more than 47 bits", "run without five-level paging hints"};
  }
  munmap(page, 4096);
  std::ifstream in("/proc/sys/kernel/randomize_va_space");
  std::string level = "unknown";
  in >> level;
  const bool off_here = (personality(0xffffffff) & ADDR_NO_RANDOMIZE) != 0;
  return {"address space", true,
          "47 bits; ASLR " + (off_here ? "off here" : "level " + level) + ", any setting is fine", ""};
}

Check check_cycle_counter() {
  const std::string flags = proc_value("/proc/cpuinfo", "flags");
  if (flags.find("constant_tsc") == std::string::npos) {
    return {"cycle counter", false, "its rate may change", "waiting times in reports may be off; all else is exact"};
  }
  return {"cycle counter", true, "constant rate", ""};
}

Check check_ptrace() {
  const std::string tracer = proc_value("/proc/self/status", "TracerPid");
  const bool traced = !tracer.empty() && tracer != "0";
  return {"ptrace", true, traced ? "not needed; process " + tracer + " is watching" : "not needed", ""};
}

Check check_graphviz() {
  const auto drawing = analysis::drawing::draw(tiny_finding(), {});
  if (!drawing) {
    return {"graphviz", false, drawing.error().what, kSetup};
  }
  if (!drawing->note.empty()) {
    return {"graphviz", false, drawing->note, kSetup};
  }
  return {"graphviz", true, "draws", ""};
}

Check check_disk(const std::string& folder) {
  constexpr std::uint64_t kEnough = std::uint64_t{1} << 30;
  struct statvfs disk{};
  if (statvfs(folder.c_str(), &disk) != 0) {
    return {"disk", false, folder + ": " + why(), "choose another folder for the trace with -o"};
  }
  const std::uint64_t free_bytes = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  const std::string what = std::to_string(free_bytes >> 20) + " MiB free in " + folder;
  return {"disk", free_bytes >= kEnough, what,
          free_bytes >= kEnough ? "" : "long runs need more: -o puts the trace elsewhere"};
}

std::vector<Check> all_checks() {
  std::error_code error;
  return {check_compiler(),
          check_part("bin/gordian-clang++"),
          check_part("bin/gordian-lint"),
          check_part("lib/libgordian_pass.so"),
          check_part("lib/libgordian_rt.so"),
          check_ring(),
          check_socket(),
          check_address_space(),
          check_cycle_counter(),
          check_ptrace(),
          check_graphviz(),
          check_disk(fs::current_path(error).string())};
}

}  // namespace gordian::cli
