// SPDX-License-Identifier: Apache-2.0
// Objects that nobody else can name: stack slots, by-value arguments, what arguments point to if it is private to all
// callers (private_arguments.h), and memory that the function has allocated, of
// which no pointer is ever stored, returned, or handed to whom it might be kept by. No access to them can race, in the
// whole function, as there never is a second thread that knows where they are.
//
// What LLVM calls not captured is enough for that: neither is a copy of the pointer left behind nor can another thread
// read one meanwhile. LLVM says so of what it has looked into and of functions of the C library that keep to themselves
// what they get. Of noescape it would say so, too, though that allows a call to start threads and join them:
// prepare.h takes it away. For LLVM a comparison is a capture, for the bit that it tells; but a pointer that is equal
// without being one of ours is one to what was at that place before.
//
// Only allocation functions of the libraries count, with code that is not in the module; other functions that say that
// their result has no alias may be a pool that gives a block out twice. Who has a pointer to what was there before uses
// it after it was freed; allocations and frees are recorded as ever. To free an object does not hand it to anybody, to
// realloc it may: its bytes live on in an object that others may know. Known gap: an operator new of the program's own,
// in another module, that still looks at blocks that it has given out.
#pragma once

#include <llvm/ADT/DenseMap.h>
#include <llvm/Analysis/TargetLibraryInfo.h>
#include <llvm/IR/Value.h>

#include "instrument/pass/counts.h"
#include "instrument/pass/private_arguments.h"

namespace gordian::pass {

class PrivateObjects {
 public:
  PrivateObjects(const llvm::TargetLibraryInfo& library, const PrivateArguments& arguments, Counts& counts)
      : library_(library), arguments_(arguments), counts_(counts) {}

  // True if the address is in one of them, whichever it is.
  [[nodiscard]] bool contain(const llvm::Value& address);

 private:
  [[nodiscard]] bool is_private(const llvm::Value& object);
  [[nodiscard]] bool is_allocated(const llvm::Value& object) const;

  const llvm::TargetLibraryInfo& library_;
  const PrivateArguments& arguments_;
  Counts& counts_;
  llvm::DenseMap<const llvm::Value*, bool> known_;
};

}  // namespace gordian::pass
