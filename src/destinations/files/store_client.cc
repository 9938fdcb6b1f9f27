#include "destinations/files/store_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "base/error.h"
#include "base/store_code.h"
#include "base/text.h"
#include "base/uri.h"
#include "base/xml.h"
#include "http/curl.h"
#include "http/retry.h"
#include "http/services.h"
#include "http/status.h"

namespace ingestr::file_output {
namespace {

// What a store answers otherwise is of what others do to the bucket or the file.
ErrorKind kind_of(int status) {
  const ErrorKind kind = kind_of_status(status);
  return kind == ErrorKind::bad_data ? ErrorKind::conflict : kind;
}

bool is_of_another_region(int status, std::string_view code) { return status < 400 || tells_of_other_region(code); }

// The key or the token is right, but not for this.
constexpr std::string_view kMayNotRead[] = {"AccessDenied", "AuthorizationPermissionMismatch"};

// `region`: of the bucket; empty: the store does not tell.
std::string advice_on(int status, std::string_view code, const std::string& region) {
  if (is_of_another_region(status, code) && !region.empty()) return fmt::format("say the region of the bucket, region={}", region);
  if (is_of_another_region(status, code)) return "say the region of the bucket, as in region=eu-central-1, or its endpoint";
  if (tells_of_old_token(code)) return "get a new session_token, and the key that goes with it";
  switch (kind_of(status)) {
    case ErrorKind::auth: return "check the credentials and what they may write";
    case ErrorKind::unavailable:
    case ErrorKind::rate_limited: return "run again";
    default: break;
  }
  if (status == 409 || status == 412) return "let whoever holds or changes it end, and run again";
  return "correct the name of the bucket or container, or the endpoint";
}

// What the store calls it; the answer to a HEAD of Azure has it in a header.
std::string code_of(const HttpResponse& response) {
  const std::string code = xml_text(response.body, "Code");
  return code.empty() ? std::string(response.header("x-ms-error-code").value_or("")) : code;
}

Error refusal(const HttpResponse& response) {
  const std::string code = code_of(response), message = xml_text(response.body, "Message");
  const std::string said = message.empty() ? code : fmt::format("{}: {}", code, message);
  const std::string why = code.empty() ? fmt::format("HTTP {}", response.status) : shorten(said, kShownAnswerBytes);
  const auto told = response.header("x-amz-bucket-region");
  const std::string region = told ? std::string(*told) : xml_text(response.body, "Region");
  const ErrorKind kind = tells_of_old_token(code) ? ErrorKind::auth : kind_of(response.status);
  return Error(kind, fmt::format("the store refuses it ({}); {}", why, advice_on(response.status, code, region)));
}

std::optional<Error> judge(const HttpRequest& request, const HttpResponse& response) {
  if (response.status < 300 || std::ranges::find(request.accepted, response.status) != request.accepted.end()) return std::nullopt;
  return refusal(response);
}

}  // namespace

std::unique_ptr<HttpClient> make_store_client(const Context& context, std::stop_token stop) {
  const HttpServices services{context.clock, context.environment, context.log, context.counters, std::move(stop)};
  RetryOptions options;
  options.judge = judge;
  return std::make_unique<RetryClient>(context.transport ? context.transport() : make_curl_client(services), std::move(options), services);
}

StoreName store_name(const Uri& uri, std::string_view holder) {
  const std::string path = percent_decode(uri.rest);
  const size_t slash = path.find('/');
  if (slash == 0 || slash == std::string::npos || slash + 1 == path.size()) {
    throw Error(ErrorKind::usage, fmt::format("--dest-uri names no file; write {0}://{1}/file.parquet, or {0}://{1}/directory/", uri.scheme, holder));
  }
  return {path.substr(0, slash), path.substr(slash + 1)};
}

bool has_content(const HttpResponse& answer) {
  if (answer.status == 403 && std::ranges::find(kMayNotRead, code_of(answer)) != std::end(kMayNotRead)) {
    throw Error(ErrorKind::unsupported, fmt::format("the store does not let it be read ({}), as append needs; use the strategy replace, or get the "
                                                    "right to read it", code_of(answer)));
  }
  if (answer.status == 403) throw refusal(answer);
  return answer.status != 404 && answer.header("content-length").value_or("") != "0";
}

std::string encoded_path(std::string_view key) {
  std::string path;
  for (const std::string& part : split(key, '/')) path += "/" + percent_encode(part);
  return path;
}

std::string read_block(std::ifstream& file, uint64_t bytes) {
  std::string block(bytes, '\0');
  file.read(block.data(), static_cast<std::streamsize>(bytes));
  if (static_cast<uint64_t>(file.gcount()) != bytes) throw Error(ErrorKind::unavailable, "a temporary file cannot be read");
  return block;
}

}  // namespace ingestr::file_output
