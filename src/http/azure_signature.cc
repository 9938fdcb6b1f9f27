#include "http/azure_signature.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <map>

#include "base/error.h"
#include "base/text.h"
#include "base/uri.h"

namespace ingestr {
namespace {

constexpr const char* kVersion2021 = "2021-08-06";

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  return text;
}

std::string from_base64(const std::string& text) {
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0 || text.size() % 4 != 0 || text.empty()) {
    throw Error(ErrorKind::usage, "account_key is no key of a storage account, which is text in base64; copy it again from the account's access keys");
  }
  bytes.resize(static_cast<size_t>(size) - static_cast<size_t>(text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0));
  return bytes;
}

std::string signed_by(const std::string& key, const std::string& text) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
           reinterpret_cast<unsigned char*>(digest.data()), &size) == nullptr) {
    throw Error(ErrorKind::internal, "OpenSSL has no HMAC-SHA-256");
  }
  return base64(std::string_view(digest).substr(0, size));
}

// "Sun, 06 Nov 1994 08:49:37 GMT", whatever the locale is.
std::string http_date(SystemTime now) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(std::chrono::system_clock::to_time_t(
                                                         std::chrono::time_point_cast<std::chrono::system_clock::duration>(now))));
}

// "/account/container/blob", and a line for each parameter.
std::string resource_of(std::string_view url, const std::string& account) {
  url.remove_prefix(url.find("://") + 3);
  url.remove_prefix(std::min(url.find('/'), url.size()));
  const size_t question = std::min(url.find('?'), url.size());
  std::string text = fmt::format("/{}{}", account, url.substr(0, question));
  std::map<std::string, std::string> parameters;
  if (question < url.size()) {
    for (const std::string& part : split(url.substr(question + 1), '&')) {
      const size_t equals = std::min(part.find('='), part.size());
      parameters[to_lower(percent_decode(part.substr(0, equals)))] = percent_decode(part.substr(std::min(equals + 1, part.size())));
    }
  }
  for (const auto& [name, value] : parameters) text += fmt::format("\n{}:{}", name, value);
  return text;
}

}  // namespace

void check_azure_key(const std::string& key) { from_base64(key); }

HttpHeaders azure_signature(const HttpRequest& request, const AzureKey& key, SystemTime now) {
  HttpHeaders headers = {{"x-ms-date", http_date(now)}, {"x-ms-version", kVersion2021}};
  if (key.key.empty()) return headers;
  std::map<std::string, std::string> lines;
  const auto add_lines = [&](const HttpHeaders& all) {
    for (const auto& [name, value] : all) {
      if (to_lower(name).starts_with("x-ms-")) lines[to_lower(name)] = value;
    }
  };
  add_lines(request.headers);
  add_lines(headers);
  std::string names;
  for (const auto& [name, value] : lines) names += fmt::format("{}:{}\n", name, value);
  const std::string length = request.body.empty() ? "" : std::to_string(request.body.size());
  const std::string type(find_header(request.headers, "Content-Type").value_or(""));
  // The empty lines are headers that no request of ours has.
  const std::string text = fmt::format("{}\n\n\n{}\n\n{}\n\n\n\n\n\n\n{}{}", request.method, length, type, names, resource_of(request.url, key.account));
  headers.emplace_back("Authorization", fmt::format("SharedKey {}:{}", key.account, signed_by(from_base64(key.key), text)));
  return headers;
}

}  // namespace ingestr
