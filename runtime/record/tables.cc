// SPDX-License-Identifier: Apache-2.0
// Site tables on their way into the trace: bytes copied unread, over as many chunks as they need. Committed per record,
// so the tables of a unit are safe before its first function runs.
#include <algorithm>
#include <cstring>

#include "runtime/record/attach.h"
#include "runtime/record/restart.h"
#include "runtime/record/ring.h"
#include "runtime/record/spin_lock.h"

namespace gordian::rt::record {

namespace {

// Guarded by the lock; one per process.
struct Tables {
  SpinLock lock;
  trace::ChunkHeader* chunk = nullptr;
  std::uint32_t used = 0;
  std::uint64_t sequence = 0;
  bool cut = false;  // a record lost its end: whatever followed would be read as that end
};
constinit Tables g_tables;

void commit(Tables& tables) noexcept {
  if (tables.chunk != nullptr) {
    // release: pairs with the drainer's acquire of `committed` [I2].
    tables.chunk->committed.store(tables.used, std::memory_order_release);
  }
}

bool open_chunk(Tables& tables) noexcept {
  commit(tables);
  if (tables.chunk != nullptr) {
    g_ring.seal(tables.chunk);
  }
  tables.used = 0;
  tables.chunk = g_ring.take(trace::Family::tables, 0, tables.sequence);
  tables.sequence += tables.chunk != nullptr;
  return tables.chunk != nullptr;
}

}  // namespace

void forget_tables() noexcept {
  g_tables.lock.forget_owner();
  g_tables.chunk = nullptr;
  g_tables.used = 0;
  g_tables.sequence = 0;
  g_tables.cut = false;
}

void seal_tables() noexcept {
  g_tables.lock.lock();
  if (g_tables.chunk != nullptr) {
    commit(g_tables);
    g_ring.seal(g_tables.chunk);
    g_tables.chunk = nullptr;
  }
  g_tables.lock.unlock();
}

TableWriter::TableWriter() noexcept { g_tables.lock.lock(); }

TableWriter::~TableWriter() noexcept {
  commit(g_tables);
  g_tables.lock.unlock();
}

void TableWriter::append(const void* bytes, std::uint64_t count) noexcept {
  const auto* from = static_cast<const std::uint8_t*>(bytes);
  written_ += count;
  while (count != 0 && !g_tables.cut) {
    if ((g_tables.chunk == nullptr || g_tables.used == trace::kChunkBytes) && !open_chunk(g_tables)) {
      g_tables.cut = true;
      g_ring.lose_sync(1);  // names will be missing: counted like an event
      return;
    }
    const auto piece = static_cast<std::uint32_t>(std::min<std::uint64_t>(count, trace::kChunkBytes - g_tables.used));
    std::memcpy(g_ring.payload(g_tables.chunk) + g_tables.used, from, piece);
    g_tables.used += piece;
    from += piece;
    count -= piece;
  }
}

void TableWriter::pad_to_8() noexcept {
  constexpr std::uint64_t kZero = 0;
  append(&kZero, (8 - written_ % 8) % 8);
}

}  // namespace gordian::rt::record
