// What belongs to the process: its arguments and environment, its signals, its streams.
#include <csignal>
#include <iostream>
#include <thread>

#include <malloc.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/run.h"
#include "app/secrecy.h"

namespace {

constexpr int kInterrupted = 130;

// SIGINT and SIGTERM become a request to stop; the second one ends the process at once. Call it
// before there is a second thread: threads inherit what is blocked, so that no other is ever
// interrupted by a signal.
void watch_signals(std::stop_source stop) {
  std::signal(SIGPIPE, SIG_IGN);  // whoever reads our output may leave; the load goes on
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM}) {
    struct sigaction before = {};
    sigaction(signal, nullptr, &before);
    // A shell starts background jobs with SIGINT ignored: the key is not meant for them.
    if (before.sa_handler != SIG_IGN) sigaddset(&signals, signal);
  }
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread([signals, stop]() mutable {
    for (int signal = 0;;) {
      if (sigwait(&signals, &signal) != 0) continue;
      if (!stop.request_stop()) _exit(kInterrupted);
    }
  }).detach();
}

// Bodies of pages and batches of rows, of a megabyte and more, go back to the system when they are
// freed. By itself the C library keeps them, in a heap for each thread: of 230 MB that it held, 60
// were in use.
void return_large_blocks() {
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
}

size_t terminal_columns() {
  winsize size = {};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments = ingestr::take_arguments(argc, argv);
  const ingestr::Catalog catalog = ingestr::all_connectors();
  const ingestr::MapEnvironment environment(
      ingestr::take_environment(environ, ingestr::secret_variables(catalog)));
  return_large_blocks();
  std::stop_source stop;
  watch_signals(stop);
  ingestr::SystemClock clock;
  const ingestr::Output output{
      .out = std::cout,
      .err = std::cerr,
      .out_is_terminal = isatty(STDOUT_FILENO) == 1,
      .err_is_terminal = isatty(STDERR_FILENO) == 1,
      .columns = terminal_columns,
  };
  return ingestr::run(arguments, {.catalog = catalog,
                                  .environment = environment,
                                  .clock = clock,
                                  .output = output,
                                  .usage = ingestr::process_usage,
                                  .stop = stop.get_token(),
                                  .transport = {}});
}
