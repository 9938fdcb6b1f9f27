// Connecting to a server, with an end to the waiting.
#pragma once

#include <chrono>
#include <stop_token>

#include "base/authority.h"

namespace ingestr::sftp {

// A descriptor of a TCP connection, which the caller closes. `patience` is for the name and all addresses together. Throws
// Error(unavailable), and Error(cancelled) at once.
int connect_to(const Authority& server, std::chrono::milliseconds patience, const std::stop_token& stop);

}  // namespace ingestr::sftp
