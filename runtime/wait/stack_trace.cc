// SPDX-License-Identifier: Apache-2.0
// Capturing and printing stacks.
#include "runtime/wait/stack_trace.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <unwind.h>

#include <cstdlib>
#include <string_view>

#include "runtime/wait/site_names.h"
#include "runtime/wait/table.h"
#include "runtime/wait/thread_block.h"

namespace gordian::rt::wait {

namespace {

ParkedWalker g_parked_walker = nullptr;

// From the shadow stack [frames, top); false if there is none.
bool capture_shadow(const record::Actor& actor, const gordian_rt_frame* top, StackTrace& out) noexcept {
  if (actor.frames == nullptr || top <= actor.frames) {
    return false;
  }
  out.count = 0;
  while (top != actor.frames && out.count < StackTrace::kMaxFrames) {
    --top;
    out.frames[out.count++] = {top->function, top->call_site, 0};
  }
  return true;
}

_Unwind_Reason_Code collect(_Unwind_Context* context, void* argument) noexcept {
  auto& out = *static_cast<StackTrace*>(argument);
  const std::uintptr_t pc = _Unwind_GetIP(context);
  if (pc == 0 || out.count == StackTrace::kMaxFrames) {
    return _URC_END_OF_STACK;
  }
  out.frames[out.count++] = {nullptr, 0, pc};
  return _URC_NO_REASON;
}

// The file name of this library: its own frames are not shown.
const char* own_module() noexcept {
  Dl_info info{};
  return dladdr(reinterpret_cast<void*>(&own_module), &info) != 0 ? info.dli_fname : nullptr;
}

bool is_shown(const Dl_info& info) noexcept {
  return info.dli_fname != own_module() &&
         !(info.dli_sname != nullptr && std::string_view(info.dli_sname).starts_with("_ZN7gordian6detail"));
}

void print_symbol(TextOut& out, const CodePoint& point, bool in_signal) noexcept {
  Dl_info info{};
  if (dladdr(reinterpret_cast<void*>(point.pc - 1), &info) == 0) {
    out << "?\n\t";
    out.hex(point.pc) << "\n";
    return;
  }
  if (!is_shown(info)) {
    return;
  }
  int status = -1;
  char* const readable =
      info.dli_sname == nullptr || in_signal ? nullptr : abi::__cxa_demangle(info.dli_sname, nullptr, nullptr, &status);
  out << (status == 0 ? readable : info.dli_sname != nullptr ? info.dli_sname : "?") << "\n\t";
  out << (info.dli_fname != nullptr ? info.dli_fname : "?") << " +";
  out.hex(point.pc - reinterpret_cast<std::uintptr_t>(info.dli_fbase)) << "\n";
  if (readable != nullptr) {
    std::free(readable);
  }
}

constexpr std::size_t kMaxInlined = 16;

// Lines of the standard library and of our own headers: Go does not show its runtime's frames either.
bool is_users(const SourceLine& line) noexcept {
  const std::string_view function = line.function;
  const std::string_view file = line.file;
  return !function.starts_with("std::") && !function.starts_with("__gnu_cxx::") && !function.starts_with("gordian::") &&
         !file.starts_with("/usr/include/c++/") && file.find("/include/gordian/") == std::string_view::npos;
}

void print_line(TextOut& out, const SourceLine& line) noexcept {
  out << line.function << "(...)\n\t" << line.file << ":" << std::uint64_t{line.line} << "\n";
}

// Prints the lines of a frame that are the user's; how many they were.
std::size_t print_users_lines(TextOut& out, const CodePoint& point) noexcept {
  SourceLine lines[kMaxInlined];
  const std::size_t count = source_lines(point.function, point.call_site, lines, kMaxInlined);
  std::size_t shown = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (is_users(lines[i])) {
      print_line(out, lines[i]);
      ++shown;
    }
  }
  return shown;
}

void print_every_line(TextOut& out, const CodePoint& point) noexcept {
  SourceLine lines[kMaxInlined];
  const std::size_t count = source_lines(point.function, point.call_site, lines, kMaxInlined);
  for (std::size_t i = 0; i < count; ++i) {
    print_line(out, lines[i]);
  }
}

}  // namespace

void set_parked_walker(ParkedWalker walker) noexcept { g_parked_walker = walker; }

void unwind_here(StackTrace& out) noexcept {
  out.count = 0;
  _Unwind_Backtrace(collect, &out);
}

void capture_own_stack(StackTrace& out) noexcept {
  const Row* const row = current_row();
  if (row == nullptr || !capture_shadow(*row->actor, thread_block()->frame_top, out)) {
    unwind_here(out);
  }
}

void capture_parked_stack(const Row& row, StackTrace& out) noexcept {
  out.count = 0;
  if (!capture_shadow(*row.actor, row.actor->frame_top, out) && g_parked_walker != nullptr && !row.is_thread) {
    g_parked_walker(row, out);
  }
}

CodePoint current_point(const void* caller) noexcept {
  const Row* const row = current_row();
  const gordian_rt_frame* const top = thread_block()->frame_top;
  if (row != nullptr && row->actor->frames != nullptr && top > row->actor->frames) {
    return {top[-1].function, top[-1].call_site, 0};
  }
  return {nullptr, 0, reinterpret_cast<std::uintptr_t>(caller)};
}

void print_point(TextOut& out, const CodePoint& point, bool in_signal) noexcept {
  if (point.function != nullptr) {
    if (print_users_lines(out, point) == 0) {
      print_every_line(out, point);
    }
  } else if (point.pc != 0) {
    print_symbol(out, point, in_signal);
  }
}

void print_stack(TextOut& out, const StackTrace& trace) noexcept {
  std::size_t shown = 0;
  for (std::size_t i = 0; i < trace.count; ++i) {
    const CodePoint& point = trace.frames[i];
    if (point.function != nullptr) {
      shown += print_users_lines(out, point);
    } else {
      print_point(out, point, trace.in_signal);
      ++shown;
    }
  }
  for (std::size_t i = 0; shown == 0 && i < trace.count; ++i) {
    print_every_line(out, trace.frames[i]);
  }
}

}  // namespace gordian::rt::wait
