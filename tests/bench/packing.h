// SPDX-License-Identifier: Apache-2.0
// The codec `packed`: items are words of access chunks, per second of one core.
#pragma once

namespace gordian::bench {

void measure_packing();

}  // namespace gordian::bench
