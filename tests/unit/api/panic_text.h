// SPDX-License-Identifier: Apache-2.0
// What a call panics with.
#pragma once

#include <gordian/gordian.h>

#include <string>

namespace gordian::test {

template <class F>
std::string text_of_panic(F f) {
  try {
    f();
  } catch (const Panic& panic) {
    return panic.what();
  }
  return "no panic";
}

}  // namespace gordian::test
