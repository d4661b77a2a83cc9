// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/stand_ins.h"

#include <algorithm>

#include "analyzer/detect/describe.h"

namespace gordian::analysis {
namespace {

template <class Visit>
void visit_covered(const Symbols& symbols, const PastAccess& access, const Visit& visit) {
  if (access.ends_life) {
    return;
  }
  const std::span<const SiteInfo> sites = symbols.access_sites(access.function);
  for (std::size_t site = 0; site < sites.size(); ++site) {
    const auto by = static_cast<std::int64_t>(site) + sites[site].covered_by;
    if (sites[site].covered_by != 0 && by == std::int64_t{access.site}) {
      visit(static_cast<std::uint32_t>(site), sites[site]);
    }
  }
}

}  // namespace

Role role_of(trace::AccessKind kind) {
  switch (kind) {
    case trace::AccessKind::read:
      return Role::reads;
    case trace::AccessKind::write:
      return Role::writes;
    case trace::AccessKind::atomic_read:
      return Role::atomically_reads;
    case trace::AccessKind::atomic_write:
      return Role::atomically_writes;
  }
  return Role::reads;
}

std::vector<StandIn> stands_for(const Scene& scene, const PastAccess& access) {
  const Describer describe(scene);
  std::vector<StandIn> all;
  visit_covered(scene.symbols, access, [&](std::uint32_t site, const SiteInfo& info) {
    StandIn left_out{user_frame_of(describe.stack({access.stack, site, true})), role_of(info.kind)};
    if (std::find(all.begin(), all.end(), left_out) == all.end()) {
      all.push_back(std::move(left_out));
    }
  });
  const StandIn own{user_frame_of(describe.stack({access.stack, access.site, true})), role_of(access.kind)};
  std::erase(all, own);
  return all;
}

bool stands_for_a_read(const Symbols& symbols, const PastAccess& access) {
  bool found = false;
  visit_covered(symbols, access,
                [&](std::uint32_t, const SiteInfo& info) { found = found || info.kind == trace::AccessKind::read; });
  return found;
}

}  // namespace gordian::analysis
