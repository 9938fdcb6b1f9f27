#include "database/connect_failure.h"

#include <fmt/format.h>

#include "base/text.h"
#include "duck/engine_words.h"

namespace ingestr::database {
namespace {

// Behind the last of what comes before the reason, in the words of libpq and of libmysqlclient.
std::string_view reason(std::string_view text) {
  if (text.starts_with(duck::kEngineWords)) text.remove_prefix(duck::kEngineWords.size());
  for (const std::string_view words : {"FATAL:  ", " failed: ", "\": "}) {
    if (const size_t at = text.rfind(words); at != std::string_view::npos) {
      text.remove_prefix(at + words.size());
      break;
    }
  }
  text = text.substr(0, text.find("\n\tIs the server running"));
  return trim(text.substr(0, text.find(". Attempted host")));
}

ErrorKind kind_of(std::string_view text, ErrorKind otherwise) {
  struct Words {
    const char* words;
    ErrorKind kind;
  };
  static constexpr Words kWords[] = {
      {"authentication failed", ErrorKind::auth}, {"no password supplied", ErrorKind::auth},
      {"Access denied", ErrorKind::auth},         {"no pg_hba.conf entry", ErrorKind::auth},
      {"permission denied", ErrorKind::auth},     {"role \"", ErrorKind::auth},
      {"does not exist", ErrorKind::not_found},   {"Unknown database", ErrorKind::not_found},
  };
  for (const Words& words : kWords) {
    if (text.find(words.words) != std::string_view::npos) return words.kind;
  }
  return otherwise;
}

}  // namespace

Error connect_failure(std::string_view title, std::string_view shown, const Error& error) {
  if (error.kind() == ErrorKind::cancelled) return error;
  const std::string_view why = reason(error.what());
  return Error(kind_of(why, ErrorKind::unavailable), fmt::format("cannot connect to the {} database {}: {}", title, shown, why));
}

}  // namespace ingestr::database
