#include "duck/http_failure.h"

#include <fmt/format.h>

#include <string>

#include "base/text.h"

namespace ingestr::duck {
namespace {

constexpr size_t kShownAnswerBytes = 200;

// Between the first quotes.
std::string address(std::string_view message) {
  const size_t open = message.find('\'');
  if (open == std::string_view::npos) return "the file";
  std::string_view quoted = message.substr(open + 1);
  quoted = quoted.substr(0, quoted.find('\''));
  return shorten(quoted.substr(0, quoted.find('?')), kShownAnswerBytes);
}

// What the store itself says below the first line, e.g. "InvalidAccessKeyId: The access key ID …".
std::string reason(std::string_view message) {
  const size_t blank = message.find("\n\n");
  if (blank == std::string_view::npos) return "";
  std::string_view line = message.substr(blank + 2);
  line = trim(line.substr(0, line.find('\n')));
  const bool is_duckdbs = line.starts_with("LINE ") || line.starts_with("Authentication Failure") || line.starts_with("*");
  return line.empty() || is_duckdbs ? "" : fmt::format(" ({})", shorten(line, kShownAnswerBytes));
}

struct Silence {
  std::string_view words;
  std::string_view what;
};

constexpr Silence kSilences[] = {
    {"Could not connect to server", "nothing answers at this address"},
    {"Could not resolve hostname", "there is no such host"},
    {"Timeout was reached", "the server does not answer in time"},
    {"SSL peer certificate", "the server's certificate cannot be verified"},
    {"Server returned nothing", "the server breaks the connection off"},
    {"Failure when receiving data", "the server breaks the connection off"},
    {"Transferred a partial file", "the server breaks the connection off"},
    {"(HTTP 0 ", "the server refuses it, or breaks the connection off"},  // DuckDB loses which status it was
    {"Fail to get a new connection", "nothing answers at this address"},
};

// The status of an answer: "(HTTP 404 Not Found)", "404 (Not Found)", "404 The specified blob does not exist."
bool has_status(std::string_view message, std::string_view status) {
  return contains(message, fmt::format("HTTP {}", status)) || contains(message, fmt::format(" {} (", status)) ||
         contains(message, fmt::format("{} The specified", status)) || contains(message, fmt::format(": {} ", status));
}

}  // namespace

std::optional<Error> http_failure(std::string_view message) {
  const bool is_answer = message.starts_with("HTTP Error: ") || contains(message, "AzureBlobStorageFileSystem") ||
                         contains(message, "AzureDfsStorageFileSystem") || contains(message, "(HTTP ");
  const bool is_silence = contains(message, " error for HTTP ") || contains(message, "Fail to get a new connection");
  if (!is_answer && !is_silence) return std::nullopt;
  const std::string at = address(message);
  for (const Silence& silence : kSilences) {
    if (contains(message, silence.words)) {
      return Error(ErrorKind::unavailable,
                   fmt::format("{}: {}; check the address and the network, and run again", at, silence.what));
    }
  }
  if (contains(message, "NoSuchBucket") || contains(message, "The specified bucket does not exist") ||
      contains(message, "The specified container does not exist")) {
    return Error(ErrorKind::not_found, fmt::format("{}: there is no such bucket; correct its name", at));
  }
  if (has_status(message, "404")) {
    return Error(ErrorKind::not_found, fmt::format("{}: there is no such file; correct its name{}", at, reason(message)));
  }
  if (has_status(message, "401") || has_status(message, "403")) {
    return Error(ErrorKind::auth,
                 fmt::format("{}: access is refused; check the credentials and what they may read{}", at, reason(message)));
  }
  std::string_view first = message.substr(0, message.find('\n'));
  return Error(ErrorKind::unavailable, fmt::format("{}: {}{}", at, shorten(trim(first.substr(0, first.find('?'))), kShownAnswerBytes), reason(message)));
}

}  // namespace ingestr::duck
