// Signals that ask the program to stop.
#pragma once

#include <stop_token>

namespace ingestr {

// SIGINT, SIGTERM and SIGHUP request a stop, unless they were ignored before. A thread that waits for others a second later, and has by then
// for a second, is not waited for: the process ends by force (base/forced_end.h). So it does at a second signal, unless that comes within a
// second: timeout(1) sends one to the process and one to its group. SIGPIPE and SIGXFSZ are ignored.
//
// Call it before there is a second thread: threads inherit what is blocked, so that no other is ever interrupted by a signal.
void watch_signals(std::stop_source stop);

}  // namespace ingestr
