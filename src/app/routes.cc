#include "app/routes.h"

#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/text.h"

namespace ingestr {
namespace {

constexpr char kStar = '*';

bool has_star(std::string_view text) {
  return text.find(kStar) != std::string_view::npos;
}

bool stays(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::string filled(const std::string& pattern, const std::string& source) {
  std::string name;
  for (const char c : pattern) {
    if (c != kStar) {
      name += c;
    } else {
      for (const char letter : source) name += stays(letter) ? letter : '_';
    }
  }
  return name;
}

void check_distinct(const std::vector<Route>& routes) {
  std::map<std::string, std::vector<std::string>> sources;
  for (const Route& route : routes) {
    sources[to_lower(route.destination.table)].push_back(route.source);
  }
  std::vector<std::string> clashes;
  for (const auto& [name, same] : sources) {
    if (same.size() > 1) clashes.push_back(fmt::format("{} ({})", name, fmt::join(same, ", ")));
  }
  if (clashes.empty()) return;
  throw Error(ErrorKind::unsupported,
              fmt::format("different tables would get the same name: {}; load them one by one, "
                          "each with a --dest-table of its own",
                          fmt::join(clashes, "; ")));
}

}  // namespace

bool is_query(std::string_view source_table) {
  constexpr std::string_view kQuery = "query:";
  return equal_ignoring_case(source_table.substr(0, kQuery.size()), kQuery);
}

bool is_pattern(std::string_view source_table) {
  return has_star(source_table) && source_table.find('/') == std::string_view::npos && !is_query(source_table);
}

void check_patterns(std::string_view source_table, const TableName& destination) {
  const auto refuse = [](const char* text) { throw Error(ErrorKind::usage, text); };
  if (has_star(destination.schema)) {
    refuse("a * stands for a table's name, not for a schema's; write it as in 'attio.*'");
  }
  if (is_pattern(source_table) && !has_star(destination.table)) {
    refuse(
        "--source-table stands for many tables; put a * where each one's name is to stand, as in "
        "'attio.*', or ./ before a pattern of files that are one table");
  }
  if (!is_pattern(source_table) && has_star(destination.table)) {
    refuse(
        "a * stands for the names of many tables, but --source-table is one; name one table, or "
        "put a * in both");
  }
}

std::vector<Route> make_routes(std::string_view pattern, const std::vector<std::string>& sources,
                               const TableName& destination) {
  if (sources.empty()) {
    throw Error(ErrorKind::not_found,
                fmt::format("nothing to load: the source has no table for {}; `ingestr tables` "
                            "shows what it has and what the credentials may read",
                            pattern));
  }
  std::vector<Route> routes;
  for (const std::string& source : sources) {
    if (source == pattern) {
      throw Error(ErrorKind::usage,
                  fmt::format("--source-table {} is no pattern; * alone is every table that the "
                              "credentials may read, and a * in the place of a name, as in "
                              "'records:*', all tables of a kind",
                              pattern));
    }
    routes.push_back({source, {destination.schema, filled(destination.table, source)}});
  }
  check_distinct(routes);
  return routes;
}

}  // namespace ingestr
