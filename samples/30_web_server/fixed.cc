// SPDX-License-Identifier: Apache-2.0
// A web server and its load in one process: a goroutine for each connection, four clients with three requests each.
// The handlers count the hits of each page in one map, with its lock.
#include <gordian/gordian.h>

#include <cstdint>
#include <cstdio>
#include <map>
#include <mutex>
#include <string>

namespace io = gordian::io;

gordian::Mutex mu;
std::map<std::string, int> hits{{"/", 0}, {"/news", 0}, {"/about", 0}};  // guarded by mu

// Up to the empty line that ends a request or a response; "" at the end of the connection.
std::string read_head(int connection) {
  std::string head;
  char buffer[256];
  while (head.find("\r\n\r\n") == std::string::npos) {
    const auto got = io::read(connection, buffer, sizeof(buffer));
    if (!got || got.bytes == 0) {
      return "";
    }
    head.append(buffer, got.bytes);
  }
  return head;
}

// False: there is no such page.
bool count(const std::string& page) {
  const std::lock_guard hold(mu);
  const auto counted = hits.find(page);
  if (counted == hits.end()) {
    return false;
  }
  ++counted->second;
  return true;
}

void handle(int connection) {
  for (std::string request = read_head(connection); !request.empty(); request = read_head(connection)) {
    const std::string page = request.substr(4, request.find(' ', 4) - 4);  // GET PAGE HTTP/1.1
    if (!io::write(connection, count(page) ? "HTTP/1.1 204 No Content\r\n\r\n" : "HTTP/1.1 404 Not Found\r\n\r\n")) {
      break;
    }
  }
  io::close(connection);
}

void serve(int listener, gordian::WaitGroup& handlers) {
  for (auto client = io::accept(listener); client; client = io::accept(listener)) {
    handlers.go([connection = client.descriptor] { handle(connection); });
  }
}

int visit(std::uint16_t port, int requests) {
  const auto server = io::connect_tcp("127.0.0.1", port);
  int answered = 0;
  for (int i = 0; i < requests; ++i) {
    if (io::write(server.descriptor, "GET /news HTTP/1.1\r\n\r\n") && !read_head(server.descriptor).empty()) {
      ++answered;
    }
  }
  io::close(server.descriptor);
  return answered;
}

int main() {
  const auto listener = io::listen_tcp("127.0.0.1", 0);
  const std::uint16_t port = io::port_of(listener.descriptor);
  gordian::WaitGroup server;
  server.go([&] { serve(listener.descriptor, server); });

  const auto answers = gordian::make_chan<int>();
  for (int i = 0; i < 4; ++i) {
    gordian::go([=] { answers.send(visit(port, 3)); });
  }
  int answered = 0;
  for (int i = 0; i < 4; ++i) {
    answered += answers.recv();
  }

  io::close(listener.descriptor);
  server.wait();
  std::printf("%d answers, %d hits of /news\n", answered, hits.at("/news"));
}
