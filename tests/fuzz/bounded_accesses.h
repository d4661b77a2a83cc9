// SPDX-License-Identifier: Apache-2.0
// Traces of a few words that tell of more accesses than anybody can look at.
#pragma once

#include "tests/fuzz/targets.h"

namespace gordian::test {

Bytes ranges_without_end();
Bytes strides_without_end();
Bytes rows_without_end();
Bytes bits_without_end();
Bytes rows_and_ranges();
Bytes odd_elements();
Bytes wide_sites();
Bytes groups_without_end();
Bytes groups_of_strides_without_end();

}  // namespace gordian::test
