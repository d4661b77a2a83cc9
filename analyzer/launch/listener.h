// SPDX-License-Identifier: Apache-2.0
// A listening unix socket in a folder of its own that only its owner may enter; both are removed at the end.
#pragma once

#include <string>

#include "analyzer/launch/descriptor.h"
#include "runtime/base/result.h"

namespace gordian::analysis {

class Listener {
 public:
  static Result<Listener> open();
  Listener(Listener&& other) noexcept = default;
  Listener& operator=(Listener&&) = delete;
  ~Listener();

  [[nodiscard]] int descriptor() const { return socket_.get(); }
  [[nodiscard]] std::string path() const { return folder_ + kName; }
  // The next connection, or none.
  [[nodiscard]] Descriptor accept() const;

 private:
  static constexpr const char* kName = "/ring";
  Listener(Descriptor socket, std::string folder) : socket_(std::move(socket)), folder_(std::move(folder)) {}

  Descriptor socket_;
  std::string folder_;
};

}  // namespace gordian::analysis
