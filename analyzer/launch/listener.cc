// SPDX-License-Identifier: Apache-2.0
#include "analyzer/launch/listener.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace gordian::analysis {

namespace {

// A socket's path may have 107 bytes: a long TMPDIR falls back to /tmp.
std::string make_folder() {
  const char* named = std::getenv("TMPDIR");
  for (const std::string& base : {std::string(named == nullptr ? "" : named), std::string("/tmp")}) {
    std::string folder = base + "/gordian-XXXXXX";
    if (base.empty() || folder.size() > 90) {
      continue;
    }
    if (mkdtemp(folder.data()) != nullptr) {  // mode 0700
      return folder;
    }
  }
  return "";
}

Error failure(const char* what) {
  return {ErrorKind::io, "socket", std::string(what) + ": " + std::strerror(errno), ""};
}

}  // namespace

Result<Listener> Listener::open() {
  std::string folder = make_folder();
  if (folder.empty()) {
    return failure("no folder for it can be made under TMPDIR or /tmp");
  }
  Listener listener(Descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)), std::move(folder));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, listener.path().c_str(), sizeof(address.sun_path) - 1);
  if (bind(listener.descriptor(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
      listen(listener.descriptor(), SOMAXCONN) != 0) {
    return failure("cannot listen");
  }
  return listener;
}

Listener::~Listener() {
  if (!folder_.empty() && socket_) {
    unlink(path().c_str());
    rmdir(folder_.c_str());
  }
}

Descriptor Listener::accept() const { return Descriptor(accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC)); }

}  // namespace gordian::analysis
