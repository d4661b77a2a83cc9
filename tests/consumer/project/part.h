// SPDX-License-Identifier: Apache-2.0
// The library of the consumer project: counts without a lock.
#pragma once

void count_visitors(int visitors);
int visitors_counted();
