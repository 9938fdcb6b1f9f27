#include "support/child_process.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <system_error>

namespace ingestr {
namespace {

int ready_end = -1;  // of the child

void write_all(int descriptor, const std::string& text) {
  for (size_t done = 0; done < text.size();) {
    const ssize_t written = ::write(descriptor, text.data() + done, text.size() - done);
    if (written <= 0) return;
    done += static_cast<size_t>(written);
  }
}

// DuckDB's extensions for databases hold locks over a fork by handlers, in a way that ThreadSanitizer takes for a fault of
// its own and stops at; its other threads do nothing here, so there is nothing to hold.
pid_t fork_alone() {
#ifdef __SANITIZE_THREAD__
  return ::_Fork();
#else
  return ::fork();
#endif
}

struct Pipe {
  Pipe() {
    if (::pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  }
  int ends[2] = {-1, -1};
};

}  // namespace

ChildProcess::ChildProcess(const std::function<std::string()>& work) {
  const Pipe ready;
  const Pipe result;
  id_ = fork_alone();
  if (id_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (id_ == 0) {
    ::close(ready.ends[0]);
    ::close(result.ends[0]);
    ready_end = ready.ends[1];
    std::string text;
    try {
      text = work();
    } catch (const std::exception& error) {
      text = std::string("threw: ") + error.what();
    }
    write_all(result.ends[1], text);
    ::_exit(0);  // no destructor of the test's is the child's business
  }
  ::close(ready.ends[1]);
  ::close(result.ends[1]);
  ready_ = ready.ends[0];
  result_ = result.ends[0];
}

ChildProcess::~ChildProcess() {
  if (id_ > 0) {
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
  }
  ::close(ready_);
  ::close(result_);
}

void ChildProcess::report_ready() {
  write_all(ready_end, ".");
}

void ChildProcess::wait_until_ready() {
  char byte = 0;
  if (::read(ready_, &byte, 1) < 0) throw std::system_error(errno, std::generic_category(), "read");
}

std::string ChildProcess::wait() {
  std::string text;
  char buffer[4096];
  for (ssize_t count = 0; (count = ::read(result_, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<size_t>(count));
  }
  int status = 0;
  ::waitpid(id_, &status, 0);
  id_ = -1;
  return WIFSIGNALED(status) ? "killed" : text;
}

}  // namespace ingestr
