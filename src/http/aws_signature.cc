#include "http/aws_signature.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/error.h"
#include "base/time.h"

namespace ingestr {
namespace {

using Digest = std::array<unsigned char, 32>;

std::string hex(const Digest& digest) {
  std::string text;
  for (const unsigned char byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

Digest sha256(std::string_view text) {
  Digest digest{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw Error(ErrorKind::internal, "OpenSSL has no SHA-256");
  }
  return digest;
}

Digest hmac(std::string_view key, std::string_view text) {
  Digest digest{};
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
           digest.data(), &size) == nullptr) {
    throw Error(ErrorKind::internal, "OpenSSL has no HMAC-SHA-256");
  }
  return digest;
}

Digest hmac(const Digest& key, std::string_view text) {
  return hmac(std::string_view(reinterpret_cast<const char*>(key.data()), key.size()), text);
}

struct Address {
  std::string_view host;   // with its port, unless it is the usual one, as the header has it
  std::string_view path;   // "/" at least
  std::string_view query;
};

Address address_of(std::string_view url) {
  const std::string_view usual = url.starts_with("https://") ? ":443" : ":80";
  url.remove_prefix(url.find("://") + 3);
  const size_t slash = std::min(url.find('/'), url.size());
  Address address{url.substr(0, slash), url.substr(slash), {}};
  if (const size_t question = address.path.find('?'); question != std::string_view::npos) {
    address.query = address.path.substr(question + 1);
    address.path = address.path.substr(0, question);
  }
  if (address.path.empty()) address.path = "/";
  if (address.host.ends_with(usual)) address.host.remove_suffix(usual.size());
  return address;
}

// "20260131T070000Z"
std::string basic_time(SystemTime now) {
  std::string text = format_iso(std::chrono::floor<std::chrono::seconds>(now));
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text.substr(0, text.find_first_of(".Z")) + "Z";
}

}  // namespace

HttpHeaders aws_signature(const HttpRequest& request, const AwsKey& key, std::string_view service, SystemTime now) {
  if (key.id.empty()) return {};
  const Address address = address_of(request.url);
  const std::string time = basic_time(now), day = time.substr(0, 8), body = hex(sha256(request.body));
  HttpHeaders headers = {{"x-amz-content-sha256", body}, {"x-amz-date", time}};
  if (!key.session_token.empty()) headers.emplace_back("x-amz-security-token", key.session_token);
  std::string lines = fmt::format("host:{}\n", address.host), names = "host";
  for (const auto& [name, value] : headers) {
    lines += fmt::format("{}:{}\n", name, value);
    names += ";" + name;
  }
  const std::string canonical =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, address.path, address.query, lines, names, body);
  const std::string scope = fmt::format("{}/{}/{}/aws4_request", day, key.region, service);
  const std::string text = fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", time, scope, hex(sha256(canonical)));
  const Digest signing = hmac(hmac(hmac(hmac("AWS4" + key.secret, day), key.region), service), "aws4_request");
  headers.emplace_back("Authorization", fmt::format("AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={}", key.id, scope,
                                                    names, hex(hmac(signing, text))));
  return headers;
}

}  // namespace ingestr
