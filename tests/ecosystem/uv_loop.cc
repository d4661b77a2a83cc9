// SPDX-License-Identifier: Apache-2.0
// libuv: work on its thread pool, threads that wake the loop, a timer, its own locks. Of several wake-ups that come
// before the loop looks, only the first goes through a descriptor; the others are ordered by an atomic inside of the
// library. RACE: the work counts what it did without the lock.
#include <uv.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <numeric>

#define STEP_PLAIN
#include "support/step.h"

namespace {

#ifdef RACE
step::Meeting meeting(4);  // nothing orders what comes behind it
#endif

struct Job {
  uv_work_t request{};
  int input = 0;
  int output = 0;
};

uv_mutex_t mu;
int executed = 0;
int finished = 0;
uv_async_t wake;
step::Meeting sent(3);  // the loop looks when both have sent; nothing orders what comes behind it
std::array<int, 2> letters{};
int received = 0;
bool fired = false;

void execute(uv_work_t* request) {
  Job& job = *static_cast<Job*>(request->data);
  for (int number = 1; number <= job.input; ++number) {
    job.output += number;
  }
#ifdef RACE
  meeting.arrive();
#else
  uv_mutex_lock(&mu);
#endif
  ++executed;  // seeded
#ifndef RACE
  uv_mutex_unlock(&mu);
#endif
}

void after(uv_work_t* request, int) {
  finished += static_cast<Job*>(request->data)->output;
  static_cast<Job*>(request->data)->output = 0;
}

void on_wake(uv_async_t* handle) {
  received = std::accumulate(letters.begin(), letters.end(), 0);
  uv_close(reinterpret_cast<uv_handle_t*>(handle), nullptr);
}

void send(void* letter) {
  *static_cast<int*>(letter) = 21;
  uv_async_send(&wake);
  sent.arrive();
}

}  // namespace

int main() {
  uv_loop_t* loop = uv_default_loop();
  uv_mutex_init(&mu);
  uv_async_init(loop, &wake, on_wake);
  std::array<Job, 8> jobs;
  for (int index = 0; index < 8; ++index) {
    Job& job = jobs[static_cast<std::size_t>(index)];
    job.input = index * 10;
    job.request.data = &job;
    uv_queue_work(loop, &job.request, execute, after);
  }
  uv_timer_t timer;
  uv_timer_init(loop, &timer);
  uv_timer_start(&timer, [](uv_timer_t*) { fired = true; }, 2, 0);
  std::array<uv_thread_t, 2> senders;
  for (std::size_t index = 0; index < senders.size(); ++index) {
    uv_thread_create(&senders[index], send, &letters[index]);
  }
  sent.arrive();
  uv_run(loop, UV_RUN_DEFAULT);
  for (uv_thread_t& sender : senders) {
    uv_thread_join(&sender);
  }
  uv_mutex_destroy(&mu);
  std::printf("%d %d %d\n", finished, received, fired);
}
