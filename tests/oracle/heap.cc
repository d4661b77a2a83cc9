// SPDX-License-Identifier: Apache-2.0
// Blocks of the heap that belong to nobody: any actor allocates, uses and frees them, too late and twice at times. A
// block has room for more than was asked for, and who still has the address of an older one may touch that room.
#include <algorithm>
#include <bit>

#include "tests/oracle/simulation.h"

namespace gordian::oracle {

namespace {

struct Room {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

// Two that share a granule, one across a border of pages, one with a whole page inside.
constexpr Room kRooms[] = {{130, 36}, {166, 36}, {kHeapEnd - 144, 120}, {kHeapOffset + 208, 2488}};

// A block at a multiple of 16 is malloc's: what follows it up to the next multiple of 8 is nobody else's.
std::uint64_t own_bytes(const Room& room, std::uint64_t asked) {
  return room.offset % 16 == 0 ? (asked + 7) / 8 * 8 : asked;
}

}  // namespace

void Simulation::use_heap(Actor& actor) {
  blocks_.resize(std::size(kRooms));
  const std::size_t number = chance(40)   ? 0
                             : chance(50) ? 3
                                          : 1 + below(2);  // so that actors meet at the first and last
  const Room& room = kRooms[number];
  Block& block = blocks_[number];
  if (!block.is_alive && chance(50)) {
    block = {.asked = chance(20) ? below(room.size) : room.size - below(room.size / 4), .is_alive = true};
    const std::uint64_t address = kMemory + room.offset;
    const trace::Alloc event{site(), address, block.asked, kHeapMemory, address >> 26, ++memory_ticket_};
    write(event);
    log({.actor = actor.id, .event = event, .bytes = bytes_of(room.offset, own_bytes(room, block.asked))});
  } else if (chance(block.is_alive ? 30 : 10)) {
    free_block(actor, block, room.offset, room.size);
  } else {
    touch_block(actor, room.offset, chance(80) ? std::max<std::uint64_t>(block.asked, 1) : room.size);
  }
}

void Simulation::free_block(const Actor& actor, Block& block, std::uint64_t offset, std::uint64_t room) {
  const std::uint64_t address = kMemory + offset;
  const trace::Free event{kFreeCall, address, room, kHeapMemory, address >> 26, ++memory_ticket_};
  write(event);
  log({.actor = actor.id,
       .event = event,
       .place = {function_of(actor), kFreeCall, trace::AccessKind::write, true},
       .bytes = bytes_of(offset, room),
       .ends = bytes_of(offset, block.is_alive ? block.asked : room)});
  block.is_alive = false;
}

void Simulation::touch_block(Actor& actor, std::uint64_t offset, std::uint64_t size) {
  if (size > 100 && chance(70)) {
    const std::uint64_t begin = chance(70) ? 0 : below(size);
    if (chance(30)) {
      strided(actor, offset, size, chance(50));
    } else {
      range(actor, offset + begin, size - begin, chance(50));
    }
  } else if (size >= 16 && chance(40)) {
    const std::uint64_t first = (offset + 7) / 8 * 8;
    atomic(actor, first);
  } else {
    const std::uint64_t width = std::uint64_t{1} << below(std::min<std::uint64_t>(std::bit_width(size), kSizes));
    plain(actor, offset + below(size - width + 1), width, chance(50));
  }
}

}  // namespace gordian::oracle
