#include "destinations/files/object_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include "base/error.h"
#include "base/forced_end.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "base/xml.h"
#include "destinations/files/store_client.h"

namespace ingestr::file_output {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kPartBytes = 8'000'000;  // at least 5 MiB, as stores want it
constexpr uint64_t kMostParts = 9'000;      // of 10,000

// Keys are asked for as URLs have them, in which a blank may be a plus; a store that does not know that gives them as they are.
std::vector<std::string> keys_of(const std::string& answer) {
  const bool is_encoded = xml_text(answer, "EncodingType") == "url";
  std::vector<std::string> keys;
  for (XmlElement& key : xml_elements(answer, "Key")) {
    if (is_encoded) {
      std::ranges::replace(key.text, '+', ' ');
      key.text = percent_decode(key.text);
    }
    keys.push_back(std::move(key.text));
  }
  return keys;
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

}  // namespace

ObjectStore::ObjectStore(const RemotePlace& place, const Uri& uri, const Context& context) : context_(context) {
  const StoreName target = store_name(uri, "bucket");
  const auto value = [&](std::string_view name) { return value_of(place, name, uri, context.environment, context.secrets); };
  place.settings(uri, "checked", "", context.environment, context.secrets);  // half of a key is refused
  key_ = target.key;
  credentials_ = {value("access_key_id"), value("secret_access_key"), value("session_token"),
                  value("region").empty() ? "us-east-1" : value("region")};
  base_ = base_of(place, value("endpoint_url"), target.holder, credentials_.region);
  client_ = make_store_client(context, context.stop);
  ending_client_ = make_store_client(context, {});
}

HttpResponse ObjectStore::send(HttpRequest request, const std::string& key, const std::string& query) const {
  request.unwanted = context_.stop;
  return send_by(*client_, std::move(request), encoded_path(key), query);
}

HttpResponse ObjectStore::send_by(HttpClient& client, HttpRequest request, const std::string& path, const std::string& query) const {
  request.url = base_ + path + (query.empty() ? "" : "?" + query);
  request.follows_redirects = false;
  for (auto& header : aws_signature(request, credentials_, "s3", context_.clock.now())) request.headers.push_back(std::move(header));
  return client.send(request);
}

HttpResponse ObjectStore::send_to_end(HttpRequest request, const std::string& key, const std::string& query) const {
  const Waiting waiting;
  return send_by(*ending_client_, std::move(request), encoded_path(key), query);
}

// The answer to a HEAD has no words, which a wrong region, an old token and a missing right need.
bool ObjectStore::has(const std::string& key) const {
  const HttpResponse answer = send({.method = "HEAD", .accepted = {301, 400, 403, 404}}, key, "");
  if (answer.status < 300 || answer.status == 404) return has_content(answer);
  return has_content(send({.method = "GET", .headers = {{"Range", "bytes=0-0"}}, .accepted = {403, 404}}, key, ""));
}

std::vector<std::string> ObjectStore::list(const std::string& directory) const {
  std::vector<std::string> names;
  std::string behind;  // the name that the last answer ended with
  do {
    const std::string query = fmt::format("encoding-type=url&list-type=2&prefix={}{}", percent_encode(directory),
                                          behind.empty() ? "" : "&start-after=" + percent_encode(behind));
    const HttpResponse answer = send_by(*client_, {.method = "GET", .unwanted = context_.stop}, "/", query);
    const std::vector<std::string> keys = keys_of(answer.body);
    for (const std::string& key : keys) {
      if (!key.ends_with('/')) names.push_back(key.substr(directory.size()));
    }
    behind = xml_text(answer.body, "IsTruncated") == "true" && !keys.empty() ? keys.back() : "";
  } while (!behind.empty());
  return names;
}

void ObjectStore::remove(const std::string& key) const {
  send_to_end({.method = "DELETE", .accepted = {404}}, key, "");
}

void ObjectStore::put(const fs::path& file, const std::string& key) const {
  const uint64_t bytes = fs::file_size(file);
  if (bytes > kPartBytes) return put_parts(file, bytes, key);
  std::ifstream content(file, std::ios::binary);
  HttpRequest request{.method = "PUT", .body = read_block(content, bytes)};
  if (bytes == 0) request.headers = {{"Content-Length", "0"}};
  throw_if_stopped(context_.stop);
  send_to_end(std::move(request), key, "");
}

std::optional<std::string> ObjectStore::version_of(const std::string& key) const {
  const HttpResponse answer = send_to_end({.method = "HEAD", .accepted = {403, 404}}, key, "");
  if (answer.status == 403) return std::nullopt;
  return fmt::format("{} {}", answer.header("etag").value_or(""), answer.header("last-modified").value_or(""));
}

// A store whose answer was lost is asked once more, and no longer knows the upload that it has put together.
void ObjectStore::complete(const std::string& key, const std::string& upload, const std::string& parts) const {
  const std::optional<std::string> before = version_of(key);
  throw_if_stopped(context_.stop);
  const HttpResponse answer = send_to_end({.method = "POST",
                                           .body = fmt::format("<CompleteMultipartUpload>{}</CompleteMultipartUpload>", parts),
                                           .accepted = {404}},
                                          key, fmt::format("uploadId={}", upload));
  if (answer.status == 404 && before && version_of(key).value_or(*before) != *before) return;
  if (answer.body.find("<CompleteMultipartUploadResult") != std::string::npos) return;  // its status is 200 also where it failed
  throw Error(ErrorKind::unavailable, fmt::format("the store does not put the parts together ({}); run again",
                                                  shorten(xml_text(answer.body, "Message"), kShownAnswerBytes)));
}

// Not cut off by a stop, for nobody could remove an upload whose name did not come.
std::string ObjectStore::begin_parts(const std::string& key) const {
  throw_if_stopped(context_.stop);
  const std::string upload = percent_encode(xml_text(send_to_end({.method = "POST"}, key, "uploads=").body, "UploadId"));
  if (upload.empty()) throw Error(ErrorKind::unavailable, "the store takes no file in parts");
  return upload;
}

void ObjectStore::put_parts(const fs::path& file, uint64_t bytes, const std::string& key) const {
  const std::string upload = begin_parts(key);
  try {
    const uint64_t part_bytes = std::max(kPartBytes, bytes / kMostParts + 1);
    std::ifstream content(file, std::ios::binary);
    std::string parts;
    for (uint64_t at = 0, number = 1; at < bytes; at += part_bytes, ++number) {
      const HttpResponse answer = send({.method = "PUT", .body = read_block(content, std::min(part_bytes, bytes - at))}, key,
                                       fmt::format("partNumber={}&uploadId={}", number, upload));
      parts += fmt::format("<Part><PartNumber>{}</PartNumber><ETag>{}</ETag></Part>", number, answer.header("etag").value_or(""));
    }
    complete(key, upload, parts);
  } catch (...) {
    try {
      send_to_end({.method = "DELETE", .accepted = {404}}, key, fmt::format("uploadId={}", upload));
    } catch (const Error&) {
      // The store drops the parts by its own rules, and shows none of them.
    }
    throw;
  }
}

}  // namespace ingestr::file_output
