// SPDX-License-Identifier: Apache-2.0
// Translation units come and go: each gets a block of function ids that is never reused, and its site table is copied
// into the trace before any of its functions runs. When a module is unloaded, the lifetime of its memory ends, so that
// what is mapped there next inherits no accesses.
#include <link.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "runtime/abi/hooks.h"
#include "runtime/record/attach.h"
#include "runtime/record/recorder.h"
#include "runtime/record/units.h"
#include "runtime/trace/site_table.h"

namespace gordian::rt {

namespace {

std::atomic<std::uint32_t> g_functions{0};  // ids given out; 0 is "unknown"

struct Module {
  std::uintptr_t inside = 0;  // an address in it
  std::uintptr_t base = 0;
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
  const char* path = "";
};

int match(dl_phdr_info* info, std::size_t, void* argument) noexcept {
  auto& module = *static_cast<Module*>(argument);
  std::uintptr_t begin = ~std::uintptr_t{0};
  std::uintptr_t end = 0;
  for (ElfW(Half) index = 0; index < info->dlpi_phnum; ++index) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[index];
    if (segment.p_type == PT_LOAD) {
      begin = begin < info->dlpi_addr + segment.p_vaddr ? begin : info->dlpi_addr + segment.p_vaddr;
      const std::uintptr_t top = info->dlpi_addr + segment.p_vaddr + segment.p_memsz;
      end = end > top ? end : top;
    }
  }
  if (module.inside < begin || module.inside >= end) {
    return 0;
  }
  // The program itself has no name here; the ring knows it.
  const char* path = info->dlpi_name[0] != '\0' ? info->dlpi_name : record::program_path();
  module = {module.inside, info->dlpi_addr, begin, end, path};
  return 1;
}

Module module_of(const gordian_rt_unit* unit) noexcept {
  Module module;
  module.inside = reinterpret_cast<std::uintptr_t>(unit);
  dl_iterate_phdr(match, &module);
  return module;
}

void write_tables(const gordian_rt_unit& unit, std::uint32_t function_base) noexcept {
  const Module module = module_of(&unit);
  const trace::TableRecord header{.function_base = function_base,
                                  .module_base = module.base,
                                  .path_bytes = static_cast<std::uint32_t>(std::strlen(module.path)),
                                  .global_count = static_cast<std::uint32_t>(unit.global_count),
                                  .table_bytes = unit.site_table_bytes};
  record::TableWriter out;
  out.append(&header, sizeof(header));
  out.append(module.path, header.path_bytes);
  out.pad_to_8();
  out.append(unit.globals, header.global_count * sizeof(gordian_rt_global));
  out.append(unit.site_table, header.table_bytes);
  out.pad_to_8();
}

}  // namespace

}  // namespace gordian::rt

void gordian_rt_unit_load(gordian_rt_unit* unit) noexcept {
  using namespace gordian::rt;
  if (unit->abi_version != GORDIAN_RT_ABI_VERSION) {
    return;  // function ids stay 0: unknown
  }
  const int saved = errno;
  // relaxed: only uniqueness matters; the loader orders this constructor before the unit's functions.
  const std::uint32_t base = g_functions.fetch_add(unit->function_count, std::memory_order_relaxed) + 1;
  for (std::uint32_t index = 0; index < unit->function_count; ++index) {
    unit->function_ids[index] = base + index;
  }
  record::remember_unit(unit);
  if (record::enabled()) {
    write_tables(*unit, base);
  }
  errno = saved;
}

void gordian_rt_unit_unload(gordian_rt_unit* unit) noexcept {
  using namespace gordian::rt;
  record::forget_unit(unit);
  if (record::enabled() && !record::has_exited()) {
    const int saved = errno;
    const Module module = module_of(unit);
    record::free(module.begin, module.end - module.begin, gordian::trace::MemoryKind::map);
    errno = saved;
  }
}
