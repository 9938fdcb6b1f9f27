// What belongs to the process: its arguments and environment, its signals, its streams.
#include <cstdlib>
#include <iostream>

#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/attempt.h"
#include "app/run.h"
#include "app/secrecy.h"
#include "app/signals.h"

namespace {

// Bodies of pages and batches of rows, of a megabyte and more, go back to the system when they are
// freed. By itself the C library keeps them, in a heap for each thread: of 230 MB that it held, 60
// were in use.
void return_large_blocks() {
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
}

// Who starts us with a closed stream would have the first file that is opened take its place, and words and rows written into it. A stream
// that is closed stays one that cannot be used: what stands for it can only be read where we write, and only be written where we read.
void occupy_closed_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) >= 0) continue;
    // The lowest number that is free is this one.
    if (open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) != stream) _exit(ingestr::kFailed);
  }
}

// The engine's extensions read the variables of proxies as libcurl does, and so does src/http/curl.cc. Beside these they would take HTTP_PROXY for
// every address, and not understand it with a user in it. A CGI program gets that variable from its client.
void rename_http_proxy() {
  const char* proxy = std::getenv("HTTP_PROXY");
  if (proxy == nullptr) return;
  if (std::getenv("http_proxy") == nullptr && std::getenv("REQUEST_METHOD") == nullptr) setenv("http_proxy", proxy, 1);
  unsetenv("HTTP_PROXY");
}

// libpq asks each session for them, whatever it is told, and after what we ask for, so that they would count.
void forget_settings_of_sessions() {
  for (const char* variable : {"PGTZ", "PGDATESTYLE"}) unsetenv(variable);
}

// By another name the client of Azure that the engine has knows the file of certificates.
void name_certificates() {
  const char* file = std::getenv("SSL_CERT_FILE");
  if (file != nullptr) setenv("CURL_CA_INFO", file, 0);
}

bool reader_has_left() {
  pollfd out{STDOUT_FILENO, POLLOUT, 0};
  return poll(&out, 1, 0) == 1 && (out.revents & (POLLERR | POLLHUP)) != 0;
}

size_t terminal_columns() {
  winsize size = {};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

}  // namespace

int main(int argc, char** argv) {
  occupy_closed_streams();
  rename_http_proxy();
  forget_settings_of_sessions();
  name_certificates();
  const std::vector<std::string> arguments = ingestr::take_arguments(argc, argv);
  const ingestr::Catalog catalog = ingestr::all_connectors();
  const ingestr::MapEnvironment environment(
      ingestr::take_environment(environ, ingestr::secret_variables(catalog)));
  return_large_blocks();
  std::stop_source stop;
  ingestr::watch_signals(stop);
  ingestr::SystemClock clock;
  const ingestr::Output output{
      .out = std::cout,
      .err = std::cerr,
      .out_is_terminal = isatty(STDOUT_FILENO) == 1,
      .err_is_terminal = isatty(STDERR_FILENO) == 1,
      .columns = terminal_columns,
      .reader_has_left = reader_has_left,
  };
  return ingestr::run(arguments, {.catalog = catalog,
                                  .environment = environment,
                                  .clock = clock,
                                  .output = output,
                                  .usage = ingestr::process_usage,
                                  .stop = stop.get_token(),
                                  .transport = {}});
}
