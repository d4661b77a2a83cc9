// SPDX-License-Identifier: Apache-2.0
// Both ends of a channel of bytes have one key, and two connections have two (runtime/record/descriptor_order.h).
#include "runtime/record/descriptor_order.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "tests/unit/record/recorded.h"

namespace gordian::test {
namespace {

using rt::record::note_descriptor_acquire;
using rt::record::note_descriptor_release;

struct Ends {
  int client = -1;
  int server = -1;
};

// A connection from an IPv4 socket; the server's may be an IPv6 one, which sees IPv4 addresses in another form.
Ends connection(int server_family) {
  const int listener = socket(server_family, SOCK_STREAM, 0);
  const int off = 0;
  sockaddr_storage address{};
  address.ss_family = static_cast<sa_family_t>(server_family);
  socklen_t bytes = server_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
  bind(listener, reinterpret_cast<sockaddr*>(&address), bytes);
  listen(listener, 1);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &bytes);
  sockaddr_in target{};
  target.sin_family = AF_INET;
  target.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  target.sin_port = server_family == AF_INET ? reinterpret_cast<sockaddr_in&>(address).sin_port
                                             : reinterpret_cast<sockaddr_in6&>(address).sin6_port;
  Ends ends{.client = socket(AF_INET, SOCK_STREAM, 0)};
  connect(ends.client, reinterpret_cast<sockaddr*>(&target), sizeof(target));
  ends.server = accept(listener, nullptr, nullptr);
  close(listener);
  return ends;
}

Recorded events_of(const std::function<void()>& program) {
  return record_in_child([&] {
    rt::record::start_own_thread(rt::record::new_actor_id(), nullptr);
    program();
  });
}

// The addresses of the atomics that a program of releases and acquisitions has become, in order.
std::vector<std::uint64_t> places(const std::function<void()>& program) {
  std::vector<std::uint64_t> found;
  for (const Seen& event : events_of(program).of(trace::EventKind::Atomic)) {
    found.push_back(event.field.at("address"));
  }
  return found;
}

TEST(DescriptorOrder, AWriteReleasesAndAReadAcquires) {
  const std::vector<Seen> events = events_of([] {
                                     int ends[2];
                                     ASSERT_EQ(pipe(ends), 0);
                                     note_descriptor_release(ends[1]);
                                     note_descriptor_acquire(ends[0]);
                                   }).of(trace::EventKind::Atomic);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].field.at("order"), static_cast<std::uint64_t>(trace::AtomicOrder::release));
  EXPECT_EQ(events[0].field.at("op"), static_cast<std::uint64_t>(trace::AtomicOp::rmw)) << "earlier releases stay";
  EXPECT_EQ(events[1].field.at("order"), static_cast<std::uint64_t>(trace::AtomicOrder::acquire));
  EXPECT_EQ(events[0].field.at("address"), events[1].field.at("address"));
}

TEST(DescriptorOrder, BothEndsOfAPipeAndTheirCopiesAreOne) {
  const auto found = places([] {
    int one[2];
    int other[2];
    ASSERT_EQ(pipe(one) + pipe(other), 0);
    note_descriptor_release(one[1]);
    note_descriptor_acquire(dup(one[0]));
    note_descriptor_release(other[1]);
  });
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0], found[1]);
  EXPECT_NE(found[0], found[2]);
}

TEST(DescriptorOrder, BothEndsOfAConnectionAreOne) {
  for (const int family : {AF_INET, AF_INET6}) {
    const auto found = places([family] {
      const Ends one = connection(family);
      const Ends other = connection(family);
      note_descriptor_release(one.client);
      note_descriptor_acquire(one.server);
      note_descriptor_release(one.server);
      note_descriptor_acquire(other.client);
      note_descriptor_acquire(other.server);
    });
    ASSERT_EQ(found.size(), 5u);
    EXPECT_EQ(found[0], found[1]);
    EXPECT_EQ(found[0], found[2]);
    EXPECT_NE(found[0], found[3]);
    EXPECT_EQ(found[3], found[4]);
  }
}

TEST(DescriptorOrder, AConnectionThatBothSidesClosedKeepsItsKey) {
  const auto found = places([] {
    const Ends ends = connection(AF_INET);
    note_descriptor_release(ends.client);
    note_descriptor_acquire(ends.server);
    shutdown(ends.client, SHUT_RDWR);
    shutdown(ends.server, SHUT_RDWR);
    sockaddr_storage peer{};
    socklen_t bytes = sizeof(peer);
    ASSERT_NE(getpeername(ends.client, reinterpret_cast<sockaddr*>(&peer), &bytes), 0) << "the kernel has forgotten";
    note_descriptor_acquire(ends.client);
  });
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0], found[1]);
  EXPECT_EQ(found[0], found[2]);
}

TEST(DescriptorOrder, ANumberThatIsUsedAgainHasANewKey) {
  const auto found = places([] {
    const Ends before = connection(AF_INET);
    note_descriptor_release(before.client);
    const Ends after = connection(AF_INET);
    ASSERT_EQ(dup2(after.client, before.client), before.client);
    note_descriptor_release(before.client);
    note_descriptor_acquire(after.server);
  });
  ASSERT_EQ(found.size(), 3u);
  EXPECT_NE(found[0], found[1]);
  EXPECT_EQ(found[1], found[2]);
}

TEST(DescriptorOrder, SocketsWithoutNamesAreOneAndSoAreDatagrams) {
  const auto found = places([] {
    int pair[2];
    int datagrams[2];
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) + socketpair(AF_UNIX, SOCK_DGRAM, 0, datagrams), 0);
    note_descriptor_release(pair[0]);
    note_descriptor_acquire(pair[1]);
    note_descriptor_release(datagrams[0]);
    note_descriptor_acquire(socket(AF_INET, SOCK_DGRAM, 0));
  });
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[0], found[1]);
  EXPECT_EQ(found[2], found[3]);
}

TEST(DescriptorOrder, ConnectComesBeforeAccept) {
  const auto found = places([] {
    const Ends ends = connection(AF_INET);
    sockaddr_storage address{};
    socklen_t bytes = sizeof(address);
    ASSERT_EQ(getsockname(ends.server, reinterpret_cast<sockaddr*>(&address), &bytes), 0);
    rt::record::note_connect(reinterpret_cast<const sockaddr*>(&address), bytes);
    rt::record::note_accept(ends.server);
  });
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0], found[1]);
}

}  // namespace
}  // namespace gordian::test
