#include "duck/http_failure.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/store_code.h"
#include "base/text.h"

namespace ingestr::duck {
namespace {

constexpr size_t kShownAnswerBytes = 200;

// What stands between the first quotes, without a user in an address, as the beginning of a sentence; empty: there are none.
std::string address(std::string_view message) {
  const size_t open = message.find_first_of("'\"");
  if (open == std::string_view::npos) return "";
  std::string_view quoted = message.substr(open + 1);
  quoted = quoted.substr(0, quoted.find(message[open]));
  quoted = quoted.substr(0, quoted.find('?'));
  const size_t host = quoted.find("://") == std::string_view::npos ? 0 : quoted.find("://") + 3;
  const size_t at = quoted.rfind('@', quoted.find('/', host));
  const std::string_view user = at == std::string_view::npos || at < host ? "" : quoted.substr(host, at + 1 - host);
  return shorten(fmt::format("{}{}", quoted.substr(0, host), quoted.substr(host + user.size())), kShownAnswerBytes) + ": ";
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

constexpr std::string_view kNoAnswer = "Timeout was reached";
constexpr std::string_view kNoFiles[] = {"No files found that match the pattern \"az://", "BlobNotFound"};
constexpr std::string_view kAzures[] = {"AzureStorageFileSystem", "AzureBlobStorageFileSystem", "AzureDfsStorageFileSystem"};
// https://learn.microsoft.com/en-us/rest/api/storageservices/common-rest-api-error-codes
constexpr std::string_view kAzureRefusals[] = {"AuthenticationFailed", "AuthorizationFailure", "AuthorizationPermissionMismatch",
                                               "InsufficientAccountPermissions", "NoAuthenticationInformation"};

constexpr Silence kSilences[] = {
    {"Could not connect to server", "nothing answers at this address"},
    {"Could not resolve hostname", "there is no such host"},
    {kNoAnswer, "the server does not answer in time"},
    {"Timeout waiting for socket", "the server does not answer in time"},
    {"SSL peer certificate", "the server's certificate cannot be verified"},
    {"Server returned nothing", "the server breaks the connection off"},
    {"Failure when receiving data", "the server breaks the connection off"},
    {"Transferred a partial file", "the server breaks the connection off"},
    {"(HTTP 0 ", "the server refuses it, or breaks the connection off"},  // DuckDB loses which status it was
    {"Fail to get a new connection", "nothing answers at this address"},
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The status of an answer: "(HTTP 404 Not Found)", "404 (Not Found)", "404 The specified blob does not exist.", ": 404 "; 0: none.
int status_in(std::string_view message) {
  int status = 0;
  for (size_t at = 1; at + 3 < message.size(); ++at) {
    const std::string_view number = message.substr(at, 3), behind = message.substr(at + 3), before = message.substr(0, at);
    if (number.front() < '4' || number.front() > '5' || !std::ranges::all_of(number, is_digit)) continue;
    if (is_digit(before.back()) || is_digit(behind.front())) continue;
    const int found = std::stoi(std::string(number));
    if (before.ends_with("HTTP ")) return found;
    const bool is_status = behind.starts_with(" (") || behind.starts_with(" The specified") || (before.ends_with(": ") && behind.starts_with(' '));
    if (status == 0 && is_status) status = found;
  }
  return status;
}

// What a store says of the region of a bucket or of a key that is lent; nothing when it says something else.
std::optional<Error> store_failure(std::string_view message, const std::string& at) {
  const auto says = [&](std::string_view words) { return contains(message, words); };
  if (tells_of_old_token(message)) {
    return Error(ErrorKind::auth, fmt::format("{}the session_token has expired; get a new one, and the key that goes with it{}", at, reason(message)));
  }
  const bool is_moved = (says("s3://") || says("gs://")) && (says("(HTTP 301 ") || says("HTTP 301 response"));
  if (!is_moved && !tells_of_other_region(message)) return std::nullopt;
  return Error(ErrorKind::not_found, fmt::format("{}the bucket is in another region; say which, as in region=eu-central-1{}", at, reason(message)));
}

struct Refusal {
  int first, last;  // statuses
  ErrorKind kind;
  std::string_view what;
  std::string_view cure;
};

constexpr Refusal kRefusals[] = {
    {404, 404, ErrorKind::not_found, "there is no such file", "correct its name"},
    {410, 410, ErrorKind::not_found, "the file is gone", "correct its name"},
    {401, 401, ErrorKind::auth, "access is refused", "check the credentials and what they may read"},
    {403, 403, ErrorKind::auth, "access is refused", "check the credentials and what they may read"},
    {407, 407, ErrorKind::auth, "the proxy refuses access", "check its credentials"},
    {405, 405, ErrorKind::unsupported, "the server does not give parts of files", "fetch the file, and load the copy"},
    {408, 408, ErrorKind::unavailable, "the server does not answer in time", "run again"},
    {416, 416, ErrorKind::unavailable, "the file has become another one while it was read", "run again"},
    {429, 429, ErrorKind::rate_limited, "the server was asked too often", "wait a while, and run again"},
    {501, 501, ErrorKind::unsupported, "the server does not give parts of files", "fetch the file, and load the copy"},
    {500, 599, ErrorKind::unavailable, "the server has a fault", "run again later"},
    {400, 499, ErrorKind::unavailable, "the server refuses it", "check the address, and run again"},
};

}  // namespace

Error refused_with(int status, std::string_view at, std::string_view reason) {
  for (const Refusal& known : kRefusals) {
    if (status < known.first || status > known.last) continue;
    return Error(known.kind, fmt::format("{}{} (HTTP {}); {}{}", at, known.what, status, known.cure, reason));
  }
  return Error(ErrorKind::unavailable, fmt::format("{}the server answers HTTP {}; check the address{}", at, status, reason));
}

std::optional<Error> http_failure(std::string_view message) {
  const auto says = [&](std::string_view words) { return contains(message, words); };
  if (says("ETag on reading file")) return Error(ErrorKind::unavailable, fmt::format("{}{}", address(message), kChanged));
  const bool is_answer = message.starts_with("HTTP Error: ") || std::ranges::any_of(kAzures, says) || says("(HTTP ");
  const bool is_silence = says(" error for HTTP ") || says("Fail to get a new connection") || says(kNoAnswer);
  const bool has_no_file = std::ranges::any_of(kNoFiles, says);
  if (!is_answer && !is_silence && !has_no_file) return std::nullopt;
  const std::string at = address(message);
  for (const Silence& silence : kSilences) {
    if (says(silence.words)) {
      return Error(ErrorKind::unavailable, fmt::format("{}{}; check the address and the network, and run again", at, silence.what));
    }
  }
  if (has_no_file) return Error(ErrorKind::not_found, fmt::format("{}there is no such file; correct its name", at));
  if (says("NoSuchBucket") || says("The specified bucket does not exist") || says("The specified container does not exist")) {
    return Error(ErrorKind::not_found, fmt::format("{}there is no such bucket; correct its name", at));
  }
  if (says("Base64 encoded string")) {
    return Error(ErrorKind::auth, fmt::format("{}the account's key is no text in base64; copy it again from the account's access keys", at));
  }
  if (says("'Proxy Authentication Required'")) return refused_with(407, at);  // Azure's client tells no number
  for (const std::string_view code : kAzureRefusals) {
    if (says(code)) return Error(ErrorKind::auth, fmt::format("{}access is refused ({}); check the credentials and what they may read", at, code));
  }
  if (const auto error = store_failure(message, at)) return error;
  if (const int status = status_in(message); status != 0) return refused_with(status, at, reason(message));
  std::string_view first = message.substr(0, message.find('\n'));
  return Error(ErrorKind::unavailable, fmt::format("{}{}{}", at, shorten(trim(first.substr(0, first.find('?'))), kShownAnswerBytes), reason(message)));
}

}  // namespace ingestr::duck
