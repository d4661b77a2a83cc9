// SPDX-License-Identifier: Apache-2.0
// Which libraries of the program's own were loaded with it: an empty site table each. One that no unit joins with a
// table of its own was not instrumented, and the report says so. What the system brings is left out: where it touches
// the program's data, runtime/intercept tells. Noted once: the child of a fork may not ask the dynamic linker, whose
// lock another thread may have held.
#include <link.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "runtime/record/attach.h"
#include "runtime/trace/site_table.h"

namespace gordian::rt::record {

namespace {

bool is_systems(std::string_view path) noexcept {
  constexpr std::array<std::string_view, 4> kFolders = {"/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/"};
  return path.find('/') == std::string_view::npos ||  // the program itself, the kernel's own
         std::any_of(kFolders.begin(), kFolders.end(),
                     [&](std::string_view folder) { return path.starts_with(folder); });
}

// The runtime, found by the lowest address of its segments that contain this function.
bool is_ours(const dl_phdr_info& module) noexcept {
  const auto here = reinterpret_cast<std::uintptr_t>(&is_ours);
  for (ElfW(Half) i = 0; i < module.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = module.dlpi_phdr[i];
    if (segment.p_type == PT_LOAD && here - (module.dlpi_addr + segment.p_vaddr) < segment.p_memsz) {
      return true;
    }
  }
  return false;
}

struct Module {
  std::uintptr_t base;
  const char* path;  // the dynamic linker's own, as long as the module is loaded
};
constexpr std::size_t kMaxModules = 256;  // those beyond are not told of
std::array<Module, kMaxModules> g_modules;
std::size_t g_count = 0;

int note_module(dl_phdr_info* module, std::size_t /*size*/, void* /*unused*/) noexcept {
  if (!is_systems(module->dlpi_name) && !is_ours(*module) && g_count < kMaxModules) {
    g_modules[g_count++] = {module->dlpi_addr, module->dlpi_name};
  }
  return 0;
}

void write_module(const Module& module) noexcept {
  constexpr char kEmptyPool = '\0';
  constexpr trace::SiteTableHeader kEmptyTable{.string_bytes = sizeof(kEmptyPool)};
  const trace::TableRecord record{.module_base = module.base,
                                  .path_bytes = static_cast<std::uint32_t>(std::strlen(module.path)),
                                  .table_bytes = sizeof(kEmptyTable) + sizeof(kEmptyPool)};
  TableWriter out;
  out.append(&record, sizeof(record));
  out.append(module.path, record.path_bytes);
  out.pad_to_8();
  out.append(&kEmptyTable, sizeof(kEmptyTable));
  out.append(&kEmptyPool, sizeof(kEmptyPool));
  out.pad_to_8();
}

}  // namespace

void note_modules() noexcept { dl_iterate_phdr(note_module, nullptr); }

void write_modules() noexcept { std::for_each_n(g_modules.begin(), g_count, write_module); }

}  // namespace gordian::rt::record
