// A few threads that run tasks in the order given. For requests that wait on somebody else, not for computing.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace ingestr {

// Thread-safe. A thread is started when a task finds none free, up to `max_threads`. The destructor drops tasks that
// have not begun (their futures break) and waits for those that have.
class WorkerPool {
 public:
  explicit WorkerPool(size_t max_threads) : max_threads_(max_threads) {}
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // The future gives the task's result or what it threw. Destroying the future waits for nothing.
  template <class Task>
  auto run(Task task) -> std::future<std::invoke_result_t<Task>> {
    auto packaged = std::make_shared<std::packaged_task<std::invoke_result_t<Task>()>>(std::move(task));
    auto future = packaged->get_future();
    enqueue([packaged] { (*packaged)(); });
    return future;
  }

  size_t max_threads() const { return max_threads_; }

 private:
  void enqueue(std::function<void()> task);
  void work();

  const size_t max_threads_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
  size_t idle_ = 0;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace ingestr
