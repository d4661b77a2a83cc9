// SPDX-License-Identifier: Apache-2.0
// What libraries tell a race detector about synchronisation of their own: the interface of ThreadSanitizer
// (sanitizer/tsan_interface.h), which headers call when __has_feature(thread_sanitizer) is true, and the older
// annotations of happens-before. An annotated lock is recorded as a reader-writer lock at its address: it may be both.
// What they tell about diverted or signalled locks orders nothing. Fibers and ignored accesses are not taken over: a
// program that asks for them does not link, rather than being told something wrong.
#include "runtime/intercept/lock_table.h"
#include "runtime/intercept/next.h"
#include "runtime/intercept/order_note.h"

namespace gordian::rt::intercept {

namespace {

// Of tsan_interface.h.
constexpr unsigned kReadLock = 1 << 3;
constexpr unsigned kTryLock = 1 << 4;
constexpr unsigned kTryLockFailed = 1 << 5;
constexpr unsigned kRecursiveLock = 1 << 6;
constexpr unsigned kRecursiveUnlock = 1 << 7;

constexpr auto kKind = trace::ObjectKind::rwmutex;

trace::LockMode mode_of(unsigned flags) noexcept {
  return (flags & kReadLock) != 0 ? trace::LockMode::shared : trace::LockMode::exclusive;
}

}  // namespace

}  // namespace gordian::rt::intercept

using namespace gordian::rt::intercept;

GORDIAN_REPLACES void __tsan_acquire(void* object) noexcept { note_acquire(object); }
GORDIAN_REPLACES void __tsan_release(void* object) noexcept { note_added_release(object); }

GORDIAN_REPLACES void __tsan_mutex_create(void*, unsigned) noexcept {}
GORDIAN_REPLACES void __tsan_mutex_destroy(void* lock, unsigned) noexcept {
  if (LockEntry* entry = recorded_lock(lock)) {
    note_end(*entry);
  }
}
GORDIAN_REPLACES void __tsan_mutex_pre_lock(void*, unsigned) noexcept {}
GORDIAN_REPLACES void __tsan_mutex_post_lock(void* lock, unsigned flags, int levels) noexcept {
  if (LockEntry* entry = recorded_lock(lock)) {
    (flags & kTryLockFailed) != 0 ? note_busy(*entry, kKind, mode_of(flags))
                                  : note_acquired(*entry, kKind, mode_of(flags), (flags & kTryLock) != 0);
    if ((flags & kRecursiveLock) != 0) {
      entry->depth = static_cast<std::uint32_t>(levels);
    }
  }
}
// Returns how many levels a recursive unlock has given back, for the lock that takes them again.
GORDIAN_REPLACES int __tsan_mutex_pre_unlock(void* lock, unsigned flags) noexcept {
  int levels = 0;
  if (LockEntry* entry = recorded_lock(lock)) {
    if ((flags & kRecursiveUnlock) != 0) {
      levels = static_cast<int>(entry->depth);
      entry->depth = 1;  // all levels at once
    }
    note_release(*entry, kKind, mode_of(flags));
  }
  return levels;
}
GORDIAN_REPLACES void __tsan_mutex_post_unlock(void*, unsigned) noexcept {}
GORDIAN_REPLACES void __tsan_mutex_pre_signal(void*, unsigned) noexcept {}
GORDIAN_REPLACES void __tsan_mutex_post_signal(void*, unsigned) noexcept {}
GORDIAN_REPLACES void __tsan_mutex_pre_divert(void*, unsigned) noexcept {}
GORDIAN_REPLACES void __tsan_mutex_post_divert(void*, unsigned) noexcept {}

GORDIAN_REPLACES void AnnotateHappensBefore(const char*, int, const volatile void* object) noexcept {
  note_added_release(const_cast<const void*>(object));
}
GORDIAN_REPLACES void AnnotateHappensAfter(const char*, int, const volatile void* object) noexcept {
  note_acquire(const_cast<const void*>(object));
}
GORDIAN_REPLACES void AnnotateRWLockCreate(const char*, int, const volatile void*) noexcept {}
GORDIAN_REPLACES void AnnotateRWLockDestroy(const char*, int, const volatile void* lock) noexcept {
  __tsan_mutex_destroy(const_cast<void*>(lock), 0);
}
GORDIAN_REPLACES void AnnotateRWLockAcquired(const char*, int, const volatile void* lock, long writes) noexcept {
  __tsan_mutex_post_lock(const_cast<void*>(lock), writes != 0 ? 0 : kReadLock, 0);
}
GORDIAN_REPLACES void AnnotateRWLockReleased(const char*, int, const volatile void* lock, long writes) noexcept {
  __tsan_mutex_pre_unlock(const_cast<void*>(lock), writes != 0 ? 0 : kReadLock);
}
