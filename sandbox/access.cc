#include "access.h"

#include <algorithm>
#include <cctype>

#include "errors.h"

namespace sandbox {
namespace {

constexpr size_t kKeyLength = 64;

bool equal_without_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return tolower(x) == tolower(y); });
}

std::string decode_base64(std::string_view text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const size_t digit = kAlphabet.find(c);
    if (digit == std::string_view::npos) break;
    bits = (bits << 6 | static_cast<unsigned>(digit)) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<char>(bits >> count));
  }
  return bytes;
}

std::string key_of(std::string_view authorization) {
  const size_t space = authorization.find(' ');
  if (space == std::string_view::npos) return "";
  const std::string_view scheme = authorization.substr(0, space),
                         rest = authorization.substr(space + 1);
  if (equal_without_case(scheme, "bearer")) return std::string(rest);
  if (!equal_without_case(scheme, "basic")) return "";
  const std::string user = decode_base64(rest);
  return user.substr(0, user.find(':'));
}

bool key_shaped(std::string_view key) {
  return key.size() == kKeyLength &&
         std::all_of(key.begin(), key.end(), [](unsigned char c) { return isalnum(c); });
}

}  // namespace

Access::Access(std::vector<std::string> keys, std::vector<std::string> scopes)
    : keys_(std::move(keys)), scopes_(std::move(scopes)) {
  if (keys_.empty()) keys_ = {"key_123", "demo"};
  if (scopes_.empty())
    scopes_ = {"call_recording:read",
               "comment:read",
               "file:read",
               "list_configuration:read",
               "list_entry:read",
               "meeting:read",
               "note:read",
               "object_configuration:read",
               "record_permission:read",
               "task:read",
               "user_management:read",
               "webhook:read"};
  std::sort(scopes_.begin(), scopes_.end());
}

bool Access::knows(std::string_view key) const {
  return std::find(keys_.begin(), keys_.end(), key) != keys_.end();
}

std::optional<Reply> Access::refuse(std::string_view authorization) const {
  const std::string key = key_of(authorization);
  if (knows(key)) return std::nullopt;
  if (key.empty()) return unauthorized("The request has no API key.");
  if (key.size() != kKeyLength)
    return unauthorized("API key has the wrong length (64 characters expected).");
  return unauthorized("No such API key; it may have been revoked.");
}

std::optional<Reply> Access::refuse_self(std::string_view authorization) const {
  const std::string key = key_of(authorization);
  if (knows(key)) return std::nullopt;
  if (!key_shaped(key))
    return error_reply(400, "invalid_request_error", "missing_value", "Token was not recognised.");
  Reply inactive;
  inactive.body = R"({"active":false})";
  return inactive;
}

bool Access::has(std::string_view scope) const {
  return std::any_of(scopes_.begin(), scopes_.end(), [&](std::string_view own) {
    return own == scope || (own.ends_with("-write") && own.substr(0, own.size() - 6) == scope);
  });
}

std::optional<Reply> Access::refuse_scopes(std::string_view scopes) const {
  while (!scopes.empty()) {
    const std::string_view scope = scopes.substr(0, scopes.find(' '));
    if (!has(scope)) return missing_scope(scope);
    scopes.remove_prefix(std::min(scope.size() + 1, scopes.size()));
  }
  return std::nullopt;
}

std::string Access::scopes_text() const {
  std::string text;
  for (const auto& scope : scopes_) text += (text.empty() ? "" : " ") + scope;
  return text;
}

}  // namespace sandbox
