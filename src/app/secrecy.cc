#include "app/secrecy.h"

#include <algorithm>
#include <cstring>

#include "app/flags.h"
#include "base/text.h"

namespace ingestr {
namespace {

constexpr std::string_view kUriMark = "://";

void hide(char* text) {
  std::memset(text, '*', std::strlen(text));
}

// What is no secret flag's: hides what follows "://".
void hide_uri(char* text) {
  char* mark = std::strstr(text, kUriMark.data());
  if (mark != nullptr) hide(mark + kUriMark.size());
}

// A secret flag's: hides all but a scheme.
void hide_value(char* text) {
  const size_t scheme = std::strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");
  const bool is_uri = std::string_view(text + scheme).starts_with(kUriMark);
  hide(is_uri ? text + scheme + kUriMark.size() : text);
}

// The name of a flag that takes a URI, as in `--source-uri` and `-source-uri=…`.
bool is_secret_flag(std::string_view argument) {
  if (!argument.starts_with('-')) return false;
  argument.remove_prefix(argument.starts_with("--") ? 2 : 1);
  const Flag* flag = find_flag(argument.substr(0, argument.find('=')));
  return flag != nullptr && flag->secret;
}

// Names that no connector has to declare.
bool sounds_secret(std::string_view name) {
  const std::string lower = to_lower(name);
  for (const char* word : {"key", "token", "secret", "password", "passwd", "pwd", "credential"}) {
    if (lower.find(word) != std::string::npos) return true;
  }
  return false;
}

// `raw` as it stands, and as form data and as a path read it.
void add_forms(std::string_view raw, Secrets& secrets) {
  secrets.add(raw);
  secrets.add(percent_decode(raw));
  const auto parsed = parse_parameters("v=" + std::string(raw));
  if (!parsed.empty()) secrets.add(parsed.front().second);
}

// Finds `name=value` between "?" and "&". In front of a URI's "://" only declared names count: of
// `--primary-key=id` the value is no secret.
void find_parameters(std::string_view text, bool in_uri, const std::vector<std::string>& declared,
                     Secrets& secrets) {
  while (!text.empty()) {
    const size_t end = text.find_first_of("?&");
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const size_t equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string name = percent_decode(part.substr(0, equals));
    const bool is_declared = std::any_of(declared.begin(), declared.end(), [&](const auto& other) {
      return equal_ignoring_case(name, other);
    });
    if (is_declared || (in_uri && sounds_secret(name))) add_forms(part.substr(equals + 1), secrets);
  }
}

bool is_port(std::string_view text) { return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos; }

// Finds the password in `user:password@host`, also one with a "/" in it, where nothing but a port should stand.
void find_password(std::string_view behind_mark, Secrets& secrets) {
  const std::string_view address = behind_mark.substr(0, behind_mark.find_first_of("?#"));
  std::string_view authority = address.substr(0, address.find('/'));
  const size_t colon = authority.find(':');
  if (colon != std::string_view::npos && authority.find('@') == std::string_view::npos && !is_port(authority.substr(colon + 1))) authority = address;
  const size_t at = authority.rfind('@');
  if (at == std::string_view::npos || colon == std::string_view::npos || colon > at) return;
  add_forms(authority.substr(colon + 1, at - colon - 1), secrets);
}

// Finds the key in `email:hmac:KEY`, as --mask has it.
void find_mask_keys(std::string_view text, Secrets& secrets) {
  constexpr std::string_view kMark = ":hmac:";
  const std::string lower = to_lower(text);
  for (size_t at = lower.find(kMark); at != std::string::npos; at = lower.find(kMark, at + 1)) {
    const std::string_view key = text.substr(at + kMark.size());
    secrets.add(trim(key.substr(0, key.find(','))));
  }
}

void find_secrets(std::string_view text, const std::vector<std::string>& declared,
                  Secrets& secrets) {
  find_mask_keys(text, secrets);
  size_t mark = text.find(kUriMark);
  find_parameters(text.substr(0, mark), false, declared, secrets);
  if (mark == std::string_view::npos) return;
  find_parameters(text.substr(mark + kUriMark.size()), true, declared, secrets);
  for (; mark != std::string_view::npos; mark = text.find(kUriMark, mark + kUriMark.size())) {
    find_password(text.substr(mark + kUriMark.size()), secrets);
  }
}

}  // namespace

std::vector<std::string> take_arguments(int argc, char** argv) {
  std::vector<std::string> arguments;
  bool value_is_secret = false;
  for (int i = 1; i < argc; ++i) {
    const std::string& argument = arguments.emplace_back(argv[i]);
    const size_t equals = argument.find('=');
    const bool is_flag = is_secret_flag(argument);
    if (is_flag && equals != std::string::npos) {
      hide_value(argv[i] + equals + 1);
    } else if (value_is_secret && !is_flag) {
      hide_value(argv[i]);
    } else {
      hide_uri(argv[i]);
    }
    value_is_secret = is_flag && equals == std::string::npos;
  }
  return arguments;
}

std::map<std::string, std::string> take_environment(
    char** environ, const std::vector<std::string>& secret_variables) {
  std::map<std::string, std::string> values;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    char* equals = std::strchr(*variable, '=');
    if (equals == nullptr) continue;
    const std::string name(*variable, equals);
    values.emplace(name, equals + 1);
    if (std::find(secret_variables.begin(), secret_variables.end(), name) !=
        secret_variables.end()) {
      hide(equals + 1);
    }
  }
  return values;
}

std::vector<std::string> secret_variables(const Catalog& catalog) {
  std::vector<std::string> names = catalog.secret_variables();
  for (const Flag& flag : flags()) {
    if (!flag.secret) continue;
    for (std::string& name : variables_of(flag)) names.push_back(std::move(name));
  }
  return names;
}

void remember_secrets(const std::vector<std::string>& arguments, const Environment& environment,
                      const Catalog& catalog, Secrets& secrets) {
  const std::vector<std::string> declared = catalog.secret_parameters();
  for (const std::string& argument : arguments) find_secrets(argument, declared, secrets);
  for (const std::string& name : catalog.secret_variables()) {
    if (const auto value = environment.get(name)) add_forms(*value, secrets);
  }
  std::vector<std::string> others = secret_variables(catalog);
  for (const char* proxy :
       {"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"}) {
    others.emplace_back(proxy);
  }
  for (const std::string& name : others) {
    if (const auto value = environment.get(name)) find_secrets(*value, declared, secrets);
  }
}

}  // namespace ingestr
