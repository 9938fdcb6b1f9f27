#include "base/error.h"

namespace ingestr {
namespace {

constexpr std::string_view kInterrupted = "interrupted";

}  // namespace

Error interrupted() { return {ErrorKind::cancelled, std::string(kInterrupted)}; }

bool is_plainly_interrupted(const Error& error) {
  return error.kind() == ErrorKind::cancelled && std::string_view(error.what()).ends_with(kInterrupted);
}

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage: return "usage";
    case ErrorKind::auth: return "auth";
    case ErrorKind::not_found: return "not_found";
    case ErrorKind::unavailable: return "unavailable";
    case ErrorKind::rate_limited: return "rate_limited";
    case ErrorKind::bad_data: return "bad_data";
    case ErrorKind::unsupported: return "unsupported";
    case ErrorKind::conflict: return "conflict";
    case ErrorKind::constraint: return "constraint";
    case ErrorKind::no_memory: return "no_memory";
    case ErrorKind::used_up: return "used_up";
    case ErrorKind::cancelled: return "cancelled";
    case ErrorKind::internal: return "internal";
  }
  return "internal";
}

}  // namespace ingestr
