#include "destinations/files/object_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "http/curl.h"
#include "http/retry.h"
#include "http/services.h"

namespace ingestr::file_output {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kPartBytes = 8'000'000;  // at least 5 MiB, as stores want it
constexpr uint64_t kMostParts = 9'000;      // of 10,000
constexpr size_t kShownBytes = 200;

// What stands in an element of XML; empty: there is none.
std::string element(std::string_view xml, std::string_view name) {
  const std::string open = fmt::format("<{}>", name), close = fmt::format("</{}>", name);
  const size_t at = xml.find(open);
  if (at == std::string_view::npos) return "";
  xml.remove_prefix(at + open.size());
  return std::string(xml.substr(0, xml.find(close)));
}

std::vector<std::string> elements(std::string_view xml, std::string_view name) {
  const std::string open = fmt::format("<{}>", name);
  std::vector<std::string> texts;
  for (size_t at = xml.find(open); at != std::string_view::npos; at = xml.find(open, at + 1)) {
    texts.push_back(element(xml.substr(at), name));
  }
  return texts;
}

// Keys are asked for as URLs have them, in which a blank may be a plus.
std::string decoded_key(std::string key) {
  std::ranges::replace(key, '+', ' ');
  return percent_decode(key);
}

ErrorKind kind_of(int status) {
  if (status == 401 || status == 403) return ErrorKind::auth;
  if (status == 404) return ErrorKind::not_found;
  if (status == 429) return ErrorKind::rate_limited;
  return status >= 500 ? ErrorKind::unavailable : ErrorKind::conflict;
}

std::optional<Error> judge(const HttpRequest& request, const HttpResponse& response) {
  if (response.status < 300 || std::ranges::find(request.accepted, response.status) != request.accepted.end()) return std::nullopt;
  const std::string code = element(response.body, "Code"), message = element(response.body, "Message");
  const std::string why = code.empty() ? fmt::format("HTTP {}", response.status) : shorten(fmt::format("{}: {}", code, message), kShownBytes);
  const ErrorKind kind = kind_of(response.status);
  const char* advice = kind == ErrorKind::auth        ? "check the credentials and what they may write"
                       : kind == ErrorKind::unavailable ? "run again"
                                                        : "correct the bucket's name or the endpoint";
  return Error(kind, fmt::format("the store refuses it ({}); {}", why, advice));
}

std::string encoded_path(std::string_view key) {
  std::string path;
  for (const std::string& part : split(key, '/')) path += "/" + percent_encode(part);
  return path;
}

// "https://bucket.s3.eu-west-1.amazonaws.com"; behind an endpoint the bucket is the first part of the path.
std::string base_of(const RemotePlace& place, std::string endpoint, const std::string& bucket, const std::string& region) {
  if (endpoint.empty() && place.engine_scheme == "gs") endpoint = "https://storage.googleapis.com";
  if (endpoint.empty() && bucket.find('.') == std::string::npos) return fmt::format("https://{}.s3.{}.amazonaws.com", bucket, region);
  if (endpoint.empty()) endpoint = fmt::format("https://s3.{}.amazonaws.com", region);
  if (endpoint.find("://") == std::string::npos) endpoint = "https://" + endpoint;
  while (endpoint.ends_with('/')) endpoint.pop_back();
  return endpoint + "/" + bucket;
}

std::string read_block(std::ifstream& file, uint64_t bytes) {
  std::string block(bytes, '\0');
  file.read(block.data(), static_cast<std::streamsize>(bytes));
  if (static_cast<uint64_t>(file.gcount()) != bytes) throw Error(ErrorKind::unavailable, "a temporary file cannot be read");
  return block;
}

}  // namespace

ObjectStore::ObjectStore(const RemotePlace& place, const Uri& uri, const Context& context) : context_(context) {
  const std::string path = percent_decode(uri.rest);
  const size_t slash = path.find('/');
  if (slash == 0 || slash == std::string::npos || slash + 1 == path.size()) {
    throw Error(ErrorKind::usage, fmt::format("--dest-uri names no file; write {0}://bucket/file.parquet, or {0}://bucket/directory/", uri.scheme));
  }
  const auto value = [&](std::string_view name) { return value_of(place, name, uri, context.environment, context.secrets); };
  place.settings(uri, "checked", "", context.environment, context.secrets);  // half of a key is refused
  key_ = path.substr(slash + 1);
  credentials_ = {value("access_key_id"), value("secret_access_key"), value("session_token"),
                  value("region").empty() ? "us-east-1" : value("region")};
  base_ = base_of(place, value("endpoint_url"), path.substr(0, slash), credentials_.region);
  client_ = make_client(context.stop);
  ending_client_ = make_client({});
}

std::unique_ptr<HttpClient> ObjectStore::make_client(std::stop_token stop) const {
  const HttpServices services{context_.clock, context_.environment, context_.log, context_.counters, std::move(stop)};
  RetryOptions options;
  options.judge = judge;
  return std::make_unique<RetryClient>(context_.transport ? context_.transport() : make_curl_client(services), std::move(options), services);
}

HttpResponse ObjectStore::send(HttpRequest request, const std::string& key, const std::string& query) const {
  request.unwanted = context_.stop;
  return send_by(*client_, std::move(request), encoded_path(key), query);
}

HttpResponse ObjectStore::send_by(HttpClient& client, HttpRequest request, const std::string& path, const std::string& query) const {
  request.url = base_ + path + (query.empty() ? "" : "?" + query);
  for (auto& header : aws_signature(request, credentials_, "s3", context_.clock.now())) request.headers.push_back(std::move(header));
  return client.send(request);
}

bool ObjectStore::has(const std::string& key) const {
  const HttpResponse answer = send({.method = "HEAD", .accepted = {404}}, key, "");
  return answer.status != 404 && answer.header("content-length").value_or("") != "0";
}

std::vector<std::string> ObjectStore::list(const std::string& directory) const {
  std::vector<std::string> names;
  std::string behind;  // the name that the last answer ended with
  do {
    const std::string query = fmt::format("encoding-type=url&list-type=2&prefix={}{}", percent_encode(directory),
                                          behind.empty() ? "" : "&start-after=" + percent_encode(behind));
    const HttpResponse answer = send_by(*client_, {.method = "GET", .unwanted = context_.stop}, "/", query);
    const std::vector<std::string> keys = elements(answer.body, "Key");
    for (const std::string& key : keys) names.push_back(decoded_key(key).substr(directory.size()));
    behind = element(answer.body, "IsTruncated") == "true" && !keys.empty() ? decoded_key(keys.back()) : "";
  } while (!behind.empty());
  return names;
}

void ObjectStore::remove(const std::string& key) const {
  send_by(*ending_client_, {.method = "DELETE", .accepted = {404}}, encoded_path(key), "");
}

void ObjectStore::put(const fs::path& file, const std::string& key) const {
  const uint64_t bytes = fs::file_size(file);
  if (bytes > kPartBytes) return put_parts(file, bytes, key);
  std::ifstream content(file, std::ios::binary);
  HttpRequest request{.method = "PUT", .body = read_block(content, bytes)};
  if (bytes == 0) request.headers = {{"Content-Length", "0"}};
  send(std::move(request), key, "");
}

void ObjectStore::put_parts(const fs::path& file, uint64_t bytes, const std::string& key) const {
  const std::string upload = percent_encode(element(send({.method = "POST"}, key, "uploads=").body, "UploadId"));
  if (upload.empty()) throw Error(ErrorKind::unavailable, "the store takes no file in parts");
  try {
    const uint64_t part_bytes = std::max(kPartBytes, bytes / kMostParts + 1);
    std::ifstream content(file, std::ios::binary);
    std::string parts;
    for (uint64_t at = 0, number = 1; at < bytes; at += part_bytes, ++number) {
      const HttpResponse answer = send({.method = "PUT", .body = read_block(content, std::min(part_bytes, bytes - at))}, key,
                                       fmt::format("partNumber={}&uploadId={}", number, upload));
      parts += fmt::format("<Part><PartNumber>{}</PartNumber><ETag>{}</ETag></Part>", number, answer.header("etag").value_or(""));
    }
    const HttpResponse answer = send({.method = "POST", .body = fmt::format("<CompleteMultipartUpload>{}</CompleteMultipartUpload>", parts)}, key,
                                     fmt::format("uploadId={}", upload));
    if (answer.body.find("<CompleteMultipartUploadResult") == std::string::npos) {  // its status is 200 all the same
      throw Error(ErrorKind::unavailable, fmt::format("the store does not put the parts together ({}); run again",
                                                      shorten(element(answer.body, "Message"), kShownBytes)));
    }
  } catch (...) {
    try {
      send_by(*ending_client_, {.method = "DELETE"}, encoded_path(key), fmt::format("uploadId={}", upload));
    } catch (const Error&) {
      // The store drops the parts by its own rules, and shows none of them.
    }
    throw;
  }
}

}  // namespace ingestr::file_output
