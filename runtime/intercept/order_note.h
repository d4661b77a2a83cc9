// SPDX-License-Identifier: Apache-2.0
// The recorder's words for what orders threads without being a lock, as this room says them.
#pragma once

#include "runtime/record/order_note.h"

namespace gordian::rt::intercept {

using record::is_recorded;
using record::note_acquire;
using record::note_added_release;
using record::note_atomic;
using record::note_only_release;

}  // namespace gordian::rt::intercept
