// SPDX-License-Identifier: Apache-2.0
// A bounded queue between two producers and two consumers, with a lock and two conditions, as message brokers have one
// for each topic. The queue is right; the numbers of the messages are not: the producers share a counter.
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

  void push(Message message) {
    const std::lock_guard hold(mu_);
    while (messages_.size() == capacity_) {
      not_full_.wait();
    }
    messages_.push_back(std::move(message));
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
  bool closed_ = false;           // guarded by mu_
};

int last_number = 0;

void produce(MessageQueue& queue, const std::string& topic) {
  for (int i = 0; i < 5; ++i) {
    const int number = ++last_number;  // [1] both producers at once
    queue.push({number, topic});
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
    producers.go([&queue, topic] { produce(queue, topic); });  // [go]
  }
  producers.wait();
  queue.close();
  const int consumed = counts.recv() + counts.recv();
  std::printf("%d messages, the last number is %d\n", consumed, last_number);
}
