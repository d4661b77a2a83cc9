// SPDX-License-Identifier: Apache-2.0
// Which libraries of the program's own were loaded with it: an empty site table each. One that no unit joins with a
// table of its own was not instrumented, and the report says so. What the system brings is left out: where it touches
// the program's data, runtime/intercept tells.
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

int write_module(dl_phdr_info* module, std::size_t /*size*/, void* /*unused*/) noexcept {
  const std::string_view path = module->dlpi_name;
  if (is_systems(path) || is_ours(*module)) {
    return 0;
  }
  constexpr char kEmptyPool = '\0';
  constexpr trace::SiteTableHeader kEmptyTable{.string_bytes = sizeof(kEmptyPool)};
  const trace::TableRecord record{.module_base = module->dlpi_addr,
                                  .path_bytes = static_cast<std::uint32_t>(path.size()),
                                  .table_bytes = sizeof(kEmptyTable) + sizeof(kEmptyPool)};
  TableWriter out;
  out.append(&record, sizeof(record));
  out.append(path.data(), path.size());
  out.pad_to_8();
  out.append(&kEmptyTable, sizeof(kEmptyTable));
  out.append(&kEmptyPool, sizeof(kEmptyPool));
  out.pad_to_8();
  return 0;
}

}  // namespace

void write_modules() noexcept { dl_iterate_phdr(write_module, nullptr); }

}  // namespace gordian::rt::record
