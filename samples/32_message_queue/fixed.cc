// SPDX-License-Identifier: Apache-2.0
// A bounded queue between two producers and two consumers, with a lock and two conditions, as message brokers have one
// for each topic. The queue numbers the messages itself, under its lock.
#include <gordian/gordian.h>

#include <cstdio>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

struct Message {
  int number = 0;
  std::string text;
};

class MessageQueue {
 public:
  explicit MessageQueue(std::size_t capacity) : capacity_(capacity) {}

  void push(const std::string& text) {
    const std::lock_guard hold(mu_);
    while (messages_.size() == capacity_) {
      not_full_.wait();
    }
    messages_.push_back({++last_number_, text});
    not_empty_.signal();
  }

  // Nothing: the queue is closed and empty.
  std::optional<Message> pop() {
    const std::lock_guard hold(mu_);
    while (messages_.empty() && !closed_) {
      not_empty_.wait();
    }
    if (messages_.empty()) {
      return std::nullopt;
    }
    Message first = std::move(messages_.front());
    messages_.pop_front();
    not_full_.signal();
    return first;
  }

  int last_number() {
    const std::lock_guard hold(mu_);
    return last_number_;
  }

  void close() {
    const std::lock_guard hold(mu_);
    closed_ = true;
    not_empty_.broadcast();
  }

 private:
  const std::size_t capacity_;
  gordian::Mutex mu_;
  gordian::Cond not_full_{mu_};
  gordian::Cond not_empty_{mu_};
  std::deque<Message> messages_;  // guarded by mu_
  int last_number_ = 0;           // guarded by mu_
  bool closed_ = false;           // guarded by mu_
};

void produce(MessageQueue& queue, const std::string& topic) {
  for (int i = 0; i < 5; ++i) {
    queue.push(topic);
  }
}

int consume(MessageQueue& queue) {
  int consumed = 0;
  while (queue.pop()) {
    ++consumed;
  }
  return consumed;
}

int main() {
  MessageQueue queue(3);
  const auto counts = gordian::make_chan<int>();
  for (int i = 0; i < 2; ++i) {
    gordian::go([&, counts] { counts.send(consume(queue)); });
  }
  gordian::WaitGroup producers;
  for (const char* topic : {"orders", "returns"}) {
    producers.go([&queue, topic] { produce(queue, topic); });
  }
  producers.wait();
  queue.close();
  const int consumed = counts.recv() + counts.recv();
  std::printf("%d messages, the last number is %d\n", consumed, queue.last_number());
}
