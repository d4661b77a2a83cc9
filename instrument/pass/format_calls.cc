// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/format_calls.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/ADT/StringSwitch.h>
#include <llvm/Analysis/ValueTracking.h>
#include <llvm/IR/Function.h>

#include <cstdint>
#include <optional>

#include "instrument/pass/library_table.h"
#include "instrument/pass/llvm_compat.h"

namespace gordian::pass {
namespace {

using Effects = llvm::SmallVector<LibraryEffect, 4>;

// Where the format stands; what it speaks of comes behind it.
std::optional<unsigned> format_of_print(llvm::StringRef name) {
  return llvm::StringSwitch<std::optional<unsigned>>(name)
      .Case("printf", 0)
      .Case("fprintf", 1)
      .Case("dprintf", 1)
      .Case("sprintf", 1)
      .Case("asprintf", 1)
      .Case("__printf_chk", 1)
      .Case("snprintf", 2)
      .Case("__fprintf_chk", 2)
      .Case("__dprintf_chk", 2)
      .Case("__asprintf_chk", 2)
      .Case("__sprintf_chk", 3)
      .Case("__snprintf_chk", 4)
      .Default(std::nullopt);
}

// What it speaks of comes in a list behind it.
std::optional<unsigned> format_of_list(llvm::StringRef name) {
  return name.consume_front("v")     ? format_of_print(name)
         : name.consume_front("__v") ? format_of_print(("__" + name).str())
                                     : std::nullopt;
}

std::optional<unsigned> format_of_scan(llvm::StringRef name) {
  if (!name.consume_front("__isoc99_")) {
    name.consume_front("__isoc23_");
  }
  return llvm::StringSwitch<std::optional<unsigned>>(name)
      .Case("scanf", 0)
      .Case("fscanf", 1)
      .Case("sscanf", 1)
      .Default(std::nullopt);
}

// One conversion, from behind its % on.
struct Conversion {
  std::optional<Operand> precision;  // of a text that need not end
  bool skipped = false;              // %*d of scanf
  bool allocates = false;            // %ms of scanf
  std::optional<std::uint64_t> width;
  llvm::StringRef length;
  char kind = 0;  // 0: the format ends, or is beyond us
};

llvm::StringRef take(llvm::StringRef& rest, llvm::StringRef letters) {
  const llvm::StringRef taken = rest.take_while([&](char letter) { return letters.contains(letter); });
  rest = rest.drop_front(taken.size());
  return taken;
}

std::optional<std::uint64_t> take_number(llvm::StringRef& rest) {
  std::uint64_t number = 0;
  return rest.consumeInteger(10, number) ? std::nullopt : std::optional(number);
}

void end_conversion(llvm::StringRef& rest, Conversion& conversion) {
  conversion.length = take(rest, "hljztqL");
  conversion.kind = rest.empty() ? '\0' : rest.front();
  rest = rest.drop_front(rest.empty() ? 0 : 1);
}

// `next`: the argument that comes next.
Conversion take_print(llvm::StringRef& rest, unsigned& next) {
  Conversion conversion;
  take(rest, "-+ #0'I");
  if (rest.consume_front("*")) {
    ++next;
  } else {
    take_number(rest);
  }
  if (rest.consume_front(".")) {
    if (rest.consume_front("*")) {
      conversion.precision = arg(next++);
    } else {
      conversion.precision = number(take_number(rest).value_or(0));
    }
  }
  end_conversion(rest, conversion);
  return conversion;
}

Conversion take_scan(llvm::StringRef& rest) {
  Conversion conversion;
  conversion.skipped = rest.consume_front("*");
  conversion.width = take_number(rest);
  conversion.allocates = rest.consume_front("m");
  end_conversion(rest, conversion);
  if (conversion.kind == '[') {
    rest.consume_front("^");
    const std::size_t end = rest.find(']', 1);  // one that comes first is a letter
    rest = end == llvm::StringRef::npos ? "" : rest.drop_front(end + 1);
  }
  return conversion;
}

Effects effects_of_print(llvm::StringRef rest, unsigned next) {
  Effects effects;
  while (!(rest = rest.drop_until([](char letter) { return letter == '%'; })).empty()) {
    rest = rest.drop_front();
    const Conversion conversion = take_print(rest, next);
    if (conversion.kind == '\0' || conversion.kind == '$') {
      break;
    }
    if (conversion.kind == 's' && conversion.length.empty()) {
      effects.push_back(sends(arg(next), text, conversion.precision.value_or(kNoLimit)));
    } else if (conversion.kind == 'n' && conversion.length.empty()) {
      effects.push_back(writes(arg(next), bytes, number(sizeof(int))));
    }
    next += conversion.kind == '%' || conversion.kind == 'm' ? 0 : 1;
  }
  return effects;
}

std::uint64_t size_of_whole(llvm::StringRef length) {
  return llvm::StringSwitch<std::uint64_t>(length).Case("hh", 1).Case("h", 2).Case("", 4).Default(8);
}
std::uint64_t size_of_real(llvm::StringRef length) {
  return llvm::StringSwitch<std::uint64_t>(length).Case("", 4).Case("L", 16).Default(8);
}

// `count`: how many were assigned before it.
std::optional<LibraryEffect> effect_of_scan(const Conversion& conversion, Operand target, std::uint64_t count) {
  const auto writes_bytes = [&](std::uint64_t size) {
    return writes(target, assigned, kResult, number(count << 32 | size));
  };
  if (conversion.allocates || conversion.kind == 'p') {
    return writes_bytes(sizeof(void*));
  }
  if (llvm::StringRef("diouxX").contains(conversion.kind)) {
    return writes_bytes(size_of_whole(conversion.length));
  }
  if (llvm::StringRef("aAeEfFgG").contains(conversion.kind)) {
    return writes_bytes(size_of_real(conversion.length));
  }
  if (!conversion.length.empty()) {
    return std::nullopt;  // wide characters
  }
  if (conversion.kind == 'c') {
    return writes_bytes(conversion.width.value_or(1) & UINT32_MAX);
  }
  if (conversion.kind == 's' || conversion.kind == '[') {
    return writes(target, assigned_text, kResult, number(count));
  }
  return std::nullopt;
}

Effects effects_of_scan(llvm::StringRef rest, unsigned next) {
  Effects effects;
  std::uint64_t count = 0;
  while (!(rest = rest.drop_until([](char letter) { return letter == '%'; })).empty()) {
    rest = rest.drop_front();
    const Conversion conversion = take_scan(rest);
    if (conversion.kind == '\0' || conversion.kind == '$') {
      break;
    }
    if (conversion.kind == '%' || conversion.skipped) {
      continue;
    }
    if (const auto effect = effect_of_scan(conversion, arg(next), count)) {
      effects.push_back(*effect);
    }
    ++next;
    count += conversion.kind == 'n' ? 0 : 1;
  }
  return effects;
}

Effects effects_at_run_time(const llvm::CallBase& call, unsigned at, LibraryEffect::Format format) {
  if (at + 1 >= call.arg_size() || !call.getArgOperand(at)->getType()->isPointerTy()) {
    return {};
  }
  LibraryEffect effect = sends(arg(at), text);
  effect.format = format;
  return {effect};
}

}  // namespace

llvm::SmallVector<LibraryEffect, 4> format_effects(const llvm::CallBase& call) {
  const llvm::StringRef name = call.getCalledFunction()->getName();
  if (const std::optional<unsigned> list = format_of_list(name)) {
    return effects_at_run_time(call, *list, LibraryEffect::Format::list);
  }
  const std::optional<unsigned> print = format_of_print(name);
  const std::optional<unsigned> at = print ? print : format_of_scan(name);
  llvm::StringRef format;
  if (!at || *at >= call.arg_size()) {
    return {};
  }
  if (!llvm::getConstantStringInfo(call.getArgOperand(*at), format)) {
    return print ? effects_at_run_time(call, *at, LibraryEffect::Format::arguments) : Effects();
  }
  return print ? effects_of_print(format, *at + 1) : effects_of_scan(format, *at + 1);
}

}  // namespace gordian::pass
