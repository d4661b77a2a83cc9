// SPDX-License-Identifier: Apache-2.0
// Gordian: Go's concurrency for C++20. Goroutines, channels, select, locks, atomics, timers, contexts, panics; what
// runs can be recorded and analysed.
//
//   #include <gordian/gordian.h>
//   int main() {
//     auto numbers = gordian::make_chan<int>();
//     gordian::go([=] { for (int i = 0; i < 3; ++i) numbers.send(i); numbers.close(); });
//     for (int n : numbers) std::printf("%d\n", n);
//   }
#pragma once

#if __cplusplus < 202002L
#error "Gordian needs C++20: compile with -std=c++20"
#else

#include "gordian/atomic.h"
#include "gordian/backoff.h"
#include "gordian/blocking.h"
#include "gordian/chan.h"
#include "gordian/cond.h"
#include "gordian/context.h"
#include "gordian/defer.h"
#include "gordian/err_group.h"
#include "gordian/go.h"
#include "gordian/io.h"
#include "gordian/once_value.h"
#include "gordian/panic.h"
#include "gordian/pool.h"
#include "gordian/select.h"
#include "gordian/semaphore.h"
#include "gordian/single_flight.h"
#include "gordian/sync.h"
#include "gordian/sync_map.h"
#include "gordian/time.h"

#endif
