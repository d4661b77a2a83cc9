// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/descriptor_order.h"

#include <netinet/in.h>
#include <sys/stat.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "runtime/record/order_note.h"

namespace gordian::rt::record {

namespace {

using Key = std::uint64_t;

constexpr std::size_t kPlaces = std::size_t{1} << 18;
constexpr std::size_t kSockets = 4096;
constexpr Key kUnconnected = 1;

char g_places[kPlaces] = {};  // only their addresses count: never touched, so never in memory

// The key of a socket, by descriptor, without a lock: a pair that two writers mixed up does not fit its cookie (Hyatt,
// Mann: A lockless transposition table, 2002).
struct KnownSocket {
  std::atomic<Key> key{0};
  std::atomic<std::uint64_t> check{0};  // key ^ cookie
};
KnownSocket g_known[kSockets] = {};

// splitmix64's finaliser (Steele, Lea, Flood 2014).
constexpr Key mix(Key x) noexcept {
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

const void* place_of(Key key) noexcept { return &g_places[key % kPlaces]; }

Key hash_bytes(const void* bytes, std::size_t count) noexcept {
  Key hash = count;
  for (std::size_t i = 0; i < count; ++i) {
    hash = mix(hash ^ static_cast<const unsigned char*>(bytes)[i]);
  }
  return hash;
}

Key hash_internet(Key address, in_port_t port) noexcept { return mix(mix(address) ^ port); }

// One value for an address, whichever family names it: an IPv4 address may be written as an IPv6 one.
Key hash_address(const sockaddr_storage& address, socklen_t bytes) noexcept {
  if (address.ss_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof(v4));
    return hash_internet(v4.sin_addr.s_addr, v4.sin_port);
  }
  if (address.ss_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &address, sizeof(v6));
    if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
      return hash_internet(v6.sin6_addr.s6_addr32[3], v6.sin6_port);
    }
    return hash_internet(hash_bytes(&v6.sin6_addr, sizeof(v6.sin6_addr)), v6.sin6_port);
  }
  return hash_bytes(&address, bytes);
}

std::uint64_t cookie_of(int descriptor) noexcept {
  std::uint64_t cookie = 0;
  socklen_t bytes = sizeof(cookie);
  return getsockopt(descriptor, SOL_SOCKET, SO_COOKIE, &cookie, &bytes) == 0 ? cookie : 0;
}

bool is_stream(int descriptor) noexcept {
  int type = 0;
  socklen_t bytes = sizeof(type);
  return getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &bytes) == 0 && type != SOCK_DGRAM && type != SOCK_RAW;
}

// [D1], connections: a sum has no order. 0: there is none.
Key key_of_connection(int descriptor) noexcept {
  sockaddr_storage own{};
  sockaddr_storage peer{};
  socklen_t own_bytes = sizeof(own);
  socklen_t peer_bytes = sizeof(peer);
  const bool known = is_stream(descriptor) &&
                     getsockname(descriptor, reinterpret_cast<sockaddr*>(&own), &own_bytes) == 0 &&
                     getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &peer_bytes) == 0;
  return known ? hash_address(own, own_bytes) + hash_address(peer, peer_bytes) : 0;
}

Key key_of_socket(int descriptor, std::uint64_t cookie) noexcept {
  KnownSocket& known = g_known[static_cast<std::size_t>(descriptor) % kSockets];
  // relaxed, these and the stores below: the pair proves itself, nothing else is read behind it.
  const Key remembered = known.key.load(std::memory_order_relaxed);
  if ((remembered ^ known.check.load(std::memory_order_relaxed)) == cookie) {
    return remembered;
  }
  const Key key = key_of_connection(descriptor);
  if (key == 0) {
    return kUnconnected;
  }
  known.key.store(key, std::memory_order_relaxed);
  known.check.store(key ^ cookie, std::memory_order_relaxed);
  return key;
}

Key key_of(int descriptor) noexcept {
  if (const std::uint64_t cookie = cookie_of(descriptor)) {
    return key_of_socket(descriptor, cookie);
  }
  struct stat status{};
  return fstat(descriptor, &status) == 0 ? mix(mix(status.st_dev) + status.st_ino) : 0;
}

Key key_of_listener(const sockaddr_storage& address, socklen_t bytes) noexcept {
  return mix(hash_address(address, bytes));
}

}  // namespace

void note_descriptor_release_enabled(int descriptor) noexcept {
  const int saved = errno;
  if (is_recorded()) {
    note_added_release(place_of(key_of(descriptor)));
  }
  errno = saved;
}

void note_descriptor_acquire_enabled(int descriptor) noexcept {
  const int saved = errno;
  if (is_recorded()) {
    note_acquire(place_of(key_of(descriptor)));
  }
  errno = saved;
}

void note_connect_enabled(const sockaddr* address, socklen_t bytes) noexcept {
  sockaddr_storage copy{};
  if (address != nullptr && bytes <= sizeof(copy)) {
    std::memcpy(&copy, address, bytes);
    note_added_release(place_of(key_of_listener(copy, bytes)));
  }
}

void note_accept_enabled(int accepted) noexcept {
  const int saved = errno;
  sockaddr_storage own{};
  socklen_t bytes = sizeof(own);
  if (is_recorded() && getsockname(accepted, reinterpret_cast<sockaddr*>(&own), &bytes) == 0) {
    note_acquire(place_of(key_of_listener(own, bytes)));
    key_of(accepted);  // while both ends are known [D2]
  }
  errno = saved;
}

}  // namespace gordian::rt::record
