// A child process that shares nothing with the test but the file system: for locks, limits and
// sudden deaths.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

namespace ingestr {

class ChildProcess {
 public:
  // Forks and runs `work`, which returns what it has to say. Not while other threads run.
  explicit ChildProcess(const std::function<std::string()>& work);
  // Kills it if it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // To be called by `work`: the test's wait_until_ready() returns. It then goes on.
  static void report_ready();
  void wait_until_ready();

  // Waits for its end. What `work` returned; the text of an exception, with "threw: " in front;
  // "killed" after a signal.
  std::string wait();

  pid_t id() const { return id_; }

 private:
  pid_t id_ = -1;
  int ready_ = -1;
  int result_ = -1;
};

}  // namespace ingestr
