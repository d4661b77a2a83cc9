// SPDX-License-Identifier: Apache-2.0
// The ABI between instrumented code, the pass and the runtime, in C: thread block, shadow stack, unit descriptor,
// hooks.
//
// Thread block. Instrumented code reaches it only by segment-relative loads (%fs + the symbol's @gottpoff offset), anew
// after every call: a goroutine may continue on another thread, and a cached address would then be the wrong thread's.
//   append:  cursor = fs:[cursor]; if (cursor + n > fs:[limit]) cursor = gordian_rt_access_slow(n);
//            store n words at cursor; fs:[cursor] = cursor + n
//   entry:   frame = fs:[frame_top]; write *frame; fs:[frame_top] = frame + 1; fs:[limit] = 0
//   call:    frame->call_site = number of the call within the function (from 1)
//   exit, landing pad, return of a returns_twice call:  fs:[frame_top] = frame (exit) or frame + 1; fs:[limit] = 0
// limit = 0 sends the next append to the slow path, which writes the stack delta that is then due: one check serves
// start-up, a full chunk, a changed stack and a new segment. Unrecorded, cursor runs round in a scratch buffer.
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GORDIAN_RT_ABI_VERSION 1

struct gordian_rt_frame {
  const uint32_t* function;  // element of the unit's function_ids: the function that runs in this frame
  uintptr_t address;         // of the return address on the machine stack: deeper frames have smaller addresses
  uint32_t call_site;        // of the call that is under way; written by the function itself
  uint32_t recorded;         // bit 0: the sync stream knows this frame, bit 1: the access stream; 0 at entry
};

// A call out of instrumented code, or back into it: the objects that were handed over, 0 for none.
#define GORDIAN_RT_FOREIGN_KEYS 4
struct gordian_rt_foreign {
  uint64_t keys[GORDIAN_RT_FOREIGN_KEYS];
};
// What a callee is known to be. Own: instrumented, or a library whose synchronisation is recorded.
#define GORDIAN_RT_CALLEE_UNKNOWN 0
#define GORDIAN_RT_CALLEE_OWN 1
#define GORDIAN_RT_CALLEE_FOREIGN 2
// Stands twice in front of the entry of each function that the pass has seen and that others can call.
#define GORDIAN_RT_FUNCTION_MARK UINT64_C(0x006e616964726f67)

// Kept at these offsets: the pass and the runtime's assembly rely on them.
struct gordian_rt_thread_block {
  uint64_t* access_cursor;             // 0
  uint64_t* access_limit;              // 8
  struct gordian_rt_frame* frame_top;  // 16: the next free frame
  void* recorder;                      // 24: runtime/record's own
  void* worker;                        // 32: runtime/sched's own
  uint64_t reserved[2];
  struct gordian_rt_foreign* foreign;  // 56: the call into a foreign library that is under way; null: own code
};

// One per translation unit, emitted by the pass.
struct gordian_rt_global {
  const void* address;
};
struct gordian_rt_unit {
  uint32_t abi_version;
  uint32_t function_count;
  uint32_t* function_ids;  // written at load: function_ids[i] = id of function i
  const uint8_t* site_table;
  uint64_t site_table_bytes;
  const struct gordian_rt_global* globals;
  uint64_t global_count;
};

// info of gordian_rt_atomic_end: op in bits 7..0 (trace::AtomicOp), order in 15..8, failure order in 23..16, log2 of
// the size in 31..24; orders numbered as C++'s memory_order.
static inline uint32_t gordian_rt_atomic_info(uint32_t op, uint32_t order, uint32_t failure_order, uint32_t log2_size) {
  return op | order << 8 | failure_order << 16 | log2_size << 24;
}

#define GORDIAN_RT_AT_CALL UINT32_MAX

enum gordian_rt_extent_rule {
#define GORDIAN_EXTENT(name) GORDIAN_RT_EXTENT_##name,
#include "runtime/abi/extents.def"
#undef GORDIAN_EXTENT
};
#define GORDIAN_NO_LIMIT UINT64_MAX

enum gordian_rt_node_helper {
#define GORDIAN_NODE_HELPER(name, linkage_name, parameters, named) GORDIAN_RT_NODES_##name,
#include "runtime/abi/node_helpers.def"
#undef GORDIAN_NODE_HELPER
};

#ifdef __cplusplus
#define GORDIAN_RT_NOEXCEPT noexcept
#else
#define GORDIAN_RT_NOEXCEPT
#endif
#define GORDIAN_HOOK(result, name, parameters) \
  __attribute__((visibility("default"))) result name parameters GORDIAN_RT_NOEXCEPT;
#include "runtime/abi/hooks.def"
#undef GORDIAN_HOOK

#ifdef __cplusplus
// __thread, not thread_local: no initialiser function may stand between the code and the block.
extern __attribute__((visibility("default"),
                      tls_model("initial-exec"))) __thread struct gordian_rt_thread_block gordian_rt_thread;
}

static_assert(sizeof(gordian_rt_frame) == 24 && sizeof(gordian_rt_thread_block) == 64 && sizeof(gordian_rt_unit) == 48);
static_assert(offsetof(gordian_rt_thread_block, access_limit) == 8 &&
              offsetof(gordian_rt_thread_block, frame_top) == 16 && offsetof(gordian_rt_thread_block, foreign) == 56);
static_assert(offsetof(gordian_rt_frame, address) == 8 && offsetof(gordian_rt_frame, call_site) == 16);
#endif
