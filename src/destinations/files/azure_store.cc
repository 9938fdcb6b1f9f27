#include "destinations/files/azure_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>

#include "base/error.h"
#include "base/forced_end.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "base/xml.h"
#include "destinations/files/store_client.h"

namespace ingestr::file_output {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kBlockBytes = 8'000'000;
constexpr uint64_t kMostBlocks = 45'000;  // of 50,000

// "AccountName=a;AccountKey=b==;…", as Azure writes it, by names in lower case.
std::map<std::string, std::string> parts_of_connection(std::string_view text) {
  std::map<std::string, std::string> parts;
  for (const std::string& part : split(text, ';')) {
    const size_t equals = part.find('=');
    if (equals != std::string::npos) parts[to_lower(trim(std::string_view(part).substr(0, equals)))] = part.substr(equals + 1);
  }
  return parts;
}

std::string first_of(const std::string& a, const std::string& b) { return a.empty() ? b : a; }

}  // namespace

AzureStore::AzureStore(const RemotePlace& place, const Uri& uri, const Context& context) : context_(context) {
  const StoreName target = store_name(uri, "container");
  const auto value = [&](std::string_view name) { return value_of(place, name, uri, context.environment, context.secrets); };
  place.settings(uri, "checked", "", context.environment, context.secrets);  // the account is missing
  auto parts = parts_of_connection(value("connection_string"));
  const bool has_connection = !value("connection_string").empty();
  const auto said = [&](const char* part, std::string_view parameter) { return has_connection ? parts[part] : value(parameter); };
  credentials_ = {said("accountname", "account_name"), said("accountkey", "account_key"), said("sharedaccesssignature", "sas_token")};
  for (const std::string& secret : {credentials_.key, credentials_.sas_token}) context.secrets.add(secret);
  if (credentials_.sas_token.starts_with('?')) credentials_.sas_token.erase(0, 1);
  if (!credentials_.key.empty()) credentials_.sas_token.clear();  // as Azure's own clients have it
  std::string endpoint = said("blobendpoint", "endpoint_url");
  if (endpoint.empty()) {
    endpoint = fmt::format("{}://{}.blob.{}", first_of(parts["defaultendpointsprotocol"], "https"), credentials_.account,
                           first_of(parts["endpointsuffix"], "core.windows.net"));
  }
  while (endpoint.ends_with('/')) endpoint.pop_back();
  base_ = endpoint + "/" + percent_encode(target.holder);
  key_ = target.key;
  client_ = make_store_client(context, context.stop);
  ending_client_ = make_store_client(context, {});
}

HttpResponse AzureStore::send(HttpRequest request, const std::string& key, const std::string& query) const {
  request.unwanted = context_.stop;
  return send_by(*client_, std::move(request), encoded_path(key), query);
}

HttpResponse AzureStore::send_by(HttpClient& client, HttpRequest request, const std::string& path, const std::string& query) const {
  request.url = base_ + path + (query.empty() ? "" : "?" + query);
  request.follows_redirects = false;
  if (request.method == "PUT" && request.body.empty()) request.headers.emplace_back("Content-Length", "0");
  for (auto& header : azure_signature(request, credentials_, context_.clock.now())) request.headers.push_back(std::move(header));
  if (!credentials_.sas_token.empty()) request.url += (query.empty() ? "?" : "&") + credentials_.sas_token;
  return client.send(request);
}

HttpResponse AzureStore::send_to_end(HttpRequest request, const std::string& key, const std::string& query) const {
  const Waiting waiting;
  return send_by(*ending_client_, std::move(request), encoded_path(key), query);
}

bool AzureStore::has(const std::string& key) const {
  return has_content(send({.method = "HEAD", .accepted = {403, 404}}, key, ""));
}

// See https://learn.microsoft.com/en-us/rest/api/storageservices/list-blobs
std::vector<std::string> AzureStore::list(const std::string& directory) const {
  std::vector<std::string> names;
  std::string marker;
  do {
    const std::string query = fmt::format("comp=list{}&prefix={}&restype=container", marker.empty() ? "" : "&marker=" + percent_encode(marker),
                                          percent_encode(directory));
    const HttpResponse answer = send_by(*client_, {.method = "GET", .unwanted = context_.stop}, "", query);
    for (const XmlElement& blob : xml_elements(answer.body, "Blob")) {
      const XmlElement name = xml_elements(blob.text, "Name").at(0);
      // One with characters that XML has not.
      const bool is_encoded = name.attributes.find("Encoded=\"true\"") != std::string::npos;
      const std::string key = is_encoded ? percent_decode(name.text) : name.text;
      // An account with a hierarchical namespace has directories of their own.
      const bool is_directory = key.ends_with('/') || xml_text(blob.text, "ResourceType") == "directory";
      if (!is_directory) names.push_back(key.substr(directory.size()));
    }
    marker = xml_text(answer.body, "NextMarker");
  } while (!marker.empty());
  return names;
}

void AzureStore::remove(const std::string& key) const {
  send_to_end({.method = "DELETE", .accepted = {404}}, key, "");
}

void AzureStore::put(const fs::path& file, const std::string& key) const {
  const uint64_t bytes = fs::file_size(file);
  std::ifstream content(file, std::ios::binary);
  if (bytes <= kBlockBytes) {
    throw_if_stopped(context_.stop);
    send_to_end({.method = "PUT", .headers = {{"x-ms-blob-type", "BlockBlob"}}, .body = read_block(content, bytes)}, key, "");
    return;
  }
  const uint64_t block_bytes = std::max(kBlockBytes, bytes / kMostBlocks + 1);
  std::string list;
  for (uint64_t at = 0, number = 0; at < bytes; at += block_bytes, ++number) {
    const std::string name = fmt::format("{:08}", number);  // is base64 as it stands, and all are equally long
    send({.method = "PUT", .body = read_block(content, std::min(block_bytes, bytes - at))}, key, fmt::format("blockid={}&comp=block", name));
    list += fmt::format("<Latest>{}</Latest>", name);
  }
  throw_if_stopped(context_.stop);
  send_to_end({.method = "PUT", .body = fmt::format("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>{}</BlockList>", list)}, key, "comp=blocklist");
}

}  // namespace ingestr::file_output
