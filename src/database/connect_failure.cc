#include "database/connect_failure.h"

#include <fmt/format.h>

#include "base/text.h"
#include "duck/engine_words.h"
#include "duck/text.h"

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

std::string create_secret(std::string_view name, std::string_view type, const Address& address) {
  std::string sql = fmt::format("CREATE OR REPLACE TEMPORARY SECRET {} (TYPE {}, HOST {}, PORT {}, DATABASE {}", name, type,
                                duck::quote_text(address.host), address.port, duck::quote_text(address.database));
  if (!address.user.empty()) sql += fmt::format(", USER {}", duck::quote_text(address.user));
  if (type == "mysql" && !address.socket.empty()) sql += fmt::format(", SOCKET {}", duck::quote_text(address.socket));
  if (!address.password.empty()) sql += fmt::format(", PASSWORD {}", duck::quote_text(address.password));
  return sql + ")";
}

}  // namespace ingestr::database
