// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/loaded_module.h"

#include <link.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>

namespace gordian::rt::record {

namespace {

struct Search {
  std::uintptr_t address = 0;
  LoadedModule found;
};

int look_at(dl_phdr_info* info, std::size_t, void* argument) noexcept {
  auto& search = *static_cast<Search*>(argument);
  LoadedModule module{.base = info->dlpi_addr, .begin = ~std::uintptr_t{0}, .path = info->dlpi_name};
  for (ElfW(Half) index = 0; index < info->dlpi_phnum; ++index) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[index];
    if (segment.p_type == PT_LOAD) {
      const std::uintptr_t low = info->dlpi_addr + segment.p_vaddr;
      module.begin = std::min(module.begin, low);
      module.end = std::max(module.end, low + segment.p_memsz);
      module.segment = search.address - low < segment.p_memsz ? low : module.segment;
    }
  }
  if (search.address < module.begin || search.address >= module.end) {
    return 0;
  }
  search.found = module;
  return 1;
}

}  // namespace

LoadedModule module_at(const void* address) noexcept {
  const int saved = errno;
  Search search{reinterpret_cast<std::uintptr_t>(address), {}};
  dl_iterate_phdr(look_at, &search);
  errno = saved;
  return search.found;
}

}  // namespace gordian::rt::record
