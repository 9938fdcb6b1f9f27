// attio-sandbox: options in, a server until SIGTERM or SIGINT.
#include <fmt/core.h>
#include <signal.h>

#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>

#include "options.h"
#include "sandbox.h"
#include "server.h"

#ifdef __SANITIZE_THREAD__
// Debian's libcpp-httplib is not instrumented: it locks where ThreadSanitizer does not see it.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "called_from_lib:libcpp-httplib.so\n";
}
#endif

namespace {

using namespace sandbox;

template <typename ClockType>
Milliseconds now_of() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(ClockType::now().time_since_epoch())
      .count();
}

// Sleeping that ends when the server does.
class Sleeper {
 public:
  void sleep(Milliseconds time) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, std::chrono::milliseconds(time), [&] { return awake_; });
  }

  void wake_all() {
    const std::lock_guard lock(mutex_);
    awake_ = true;
    wake_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  bool awake_ = false;
};

int serve(const Options& options) {
  // Blocked in all threads, so that one thread can wait for them and no handler has to be safe in a
  // signal.
  sigset_t stops;
  sigemptyset(&stops);
  sigaddset(&stops, SIGTERM);
  sigaddset(&stops, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stops, nullptr);
  signal(SIGPIPE, SIG_IGN);

  Sleeper sleeper;
  Sandbox sandbox(options, {now_of<std::chrono::steady_clock>, now_of<std::chrono::system_clock>,
                            [&](Milliseconds time) { sleeper.sleep(time); }});
  Server server([&](const Request& request) { return sandbox.answer(request); }, options.gzip);
  const int port = server.bind(options.port);
  if (!options.port_file.empty()) {
    // Renamed into place: who waits for the file never reads half of it.
    const std::string fresh = options.port_file + ".new";
    std::ofstream(fresh) << port << '\n';
    if (std::rename(fresh.c_str(), options.port_file.c_str()) != 0)
      throw std::runtime_error("cannot write " + options.port_file);
  }
  std::thread waiter([&] {
    int signal_number = 0;
    sigwait(&stops, &signal_number);
    sleeper.wake_all();
    server.stop();
  });
  fmt::print("attio-sandbox listening on http://127.0.0.1:{}\n", port);
  std::fflush(stdout);
  server.run();
  waiter.join();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Options options = parse_options({argv + 1, argv + argc});
    if (options.help) {
      fmt::print("{}", help_text());
      return 0;
    }
    return serve(options);
  } catch (const UsageError& error) {
    fmt::print(stderr, "attio-sandbox: {}; see --help\n", error.what());
    return 2;
  } catch (const std::invalid_argument& error) {
    fmt::print(stderr, "attio-sandbox: {}\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    fmt::print(stderr, "attio-sandbox: {}\n", error.what());
    return 1;
  }
}
