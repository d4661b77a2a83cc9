// SPDX-License-Identifier: Apache-2.0
// Translation units come and go: each gets a block of function ids that is never reused, and its site table is copied
// into the trace before any of its functions runs. When a module is unloaded, the lifetime of its memory ends, so that
// what is mapped there next inherits no accesses.
#include <atomic>
#include <cerrno>
#include <cstring>

#include "runtime/abi/hooks.h"
#include "runtime/hooks/fork.h"
#include "runtime/record/attach.h"
#include "runtime/record/callee_kind.h"
#include "runtime/record/loaded_module.h"
#include "runtime/record/recorder.h"
#include "runtime/record/units.h"
#include "runtime/trace/site_table.h"

namespace gordian::rt {

namespace {

std::atomic<std::uint32_t> g_functions{0};  // ids given out; 0 is "unknown"

void write_tables(const gordian_rt_unit& unit, const record::UnitModule& module) noexcept {
  const char* const path = module.path != nullptr ? module.path : record::program_path();
  const trace::TableRecord header{.function_base = module.function_base,
                                  .module_base = module.base,
                                  .path_bytes = static_cast<std::uint32_t>(std::strlen(path)),
                                  .global_count = static_cast<std::uint32_t>(unit.global_count),
                                  .table_bytes = unit.site_table_bytes};
  record::TableWriter out;
  out.append(&header, sizeof(header));
  out.append(path, header.path_bytes);
  out.pad_to_8();
  out.append(unit.globals, header.global_count * sizeof(gordian_rt_global));
  out.append(unit.site_table, header.table_bytes);
  out.pad_to_8();
}

}  // namespace

void write_loaded_units() noexcept {
  for (std::size_t index = 0; index < record::kMaxUnits; ++index) {
    // acquire: pairs with the release in remember_unit().
    const gordian_rt_unit* const unit = record::g_units[index].load(std::memory_order_acquire);
    if (unit != nullptr && record::g_unit_modules[index].function_base != 0) {
      write_tables(*unit, record::g_unit_modules[index]);
    }
  }
}

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
  record::UnitModule module;
  if (record::enabled()) {
    const record::LoadedModule loaded = record::module_at(unit);
    // The program itself has no name here; the ring knows it.
    module = {loaded.base, loaded.path[0] != '\0' ? loaded.path : nullptr, base};
  }
  record::remember_unit(unit, module);
  if (record::enabled()) {
    record::forget_kinds();
    write_tables(*unit, module);
  }
  errno = saved;
}

void gordian_rt_unit_unload(gordian_rt_unit* unit) noexcept {
  using namespace gordian::rt;
  record::forget_unit(unit);
  if (record::enabled() && !record::has_exited()) {
    record::forget_kinds();
    const record::LoadedModule module = record::module_at(unit);
    record::free(module.begin, module.end - module.begin, gordian::trace::MemoryKind::map);
  }
}
