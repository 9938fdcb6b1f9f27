#include "app/attempt.h"

#include <filesystem>
#include <new>

#include <fmt/format.h>

#include "base/version.h"

namespace ingestr {

int exit_status(ErrorKind kind, const std::stop_token& stop) {
  if (stop.stop_requested()) return kInterrupted;
  switch (kind) {
    case ErrorKind::usage:
    case ErrorKind::unsupported:
      return kWrongUsage;
    case ErrorKind::cancelled:
      return kInterrupted;
    case ErrorKind::auth:
    case ErrorKind::not_found:
    case ErrorKind::unavailable:
    case ErrorKind::rate_limited:
    case ErrorKind::bad_data:
    case ErrorKind::conflict:
    case ErrorKind::constraint:
    case ErrorKind::no_memory:
    case ErrorKind::used_up:
    case ErrorKind::internal:
      return kFailed;
  }
  return kFailed;
}

std::optional<Failure> attempt(const std::function<void()>& work,
                               std::string_view when_interrupted) {
  try {
    work();
    return std::nullopt;
  } catch (const Error& error) {
    return Failure{error.kind(), is_plainly_interrupted(error) ? std::string(when_interrupted) : error.what()};
  } catch (const std::bad_alloc&) {
    return Failure{
        ErrorKind::internal,
        "out of memory; give the program more, and run again"};
  } catch (const std::filesystem::filesystem_error& error) {
    std::error_code gone;
    static_cast<void>(std::filesystem::current_path(gone));
    if (gone) return Failure{ErrorKind::not_found, "the current directory is gone; change to another one and run again"};
    return Failure{ErrorKind::unavailable, fmt::format("{}: {}", error.path1().string(), error.code().message())};
  } catch (const std::exception& error) {
    return Failure{
        ErrorKind::internal,
        fmt::format("{}; this is a fault of ingestr {}, please report it", error.what(), kVersion)};
  }
}

}  // namespace ingestr
