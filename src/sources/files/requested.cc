#include "sources/files/requested.h"

#include <fmt/format.h>

#include "base/time.h"
#include "duck/text.h"
#include "engine/interval.h"

namespace ingestr::files {
namespace {

std::string condition(const TableSpec& table, const ReadRequest& request) {
  const Column* key = interval_column(table, request);
  if (key == nullptr) return "";
  if (key->type.id == TypeId::null) return " WHERE false";
  const char* type = key->type.id == TypeId::timestamp_tz ? "TIMESTAMPTZ" : "TIMESTAMP";
  const std::string name = duck::quote_name(key->name);
  std::string text;
  const auto add = [&](const std::optional<SystemTime>& time, const char* comparison) {
    if (!time) return;
    text += fmt::format("{} {} {} CAST('{}' AS {})", text.empty() ? " WHERE" : " AND", name, comparison, format_iso(*time), type);
  };
  add(request.interval_start, ">=");
  add(request.interval_end, "<=");
  return text;
}

}  // namespace

std::string requested(const std::string& select, const TableSpec& table, const ReadRequest& request) {
  const std::string where = condition(table, request);
  const std::string limit = request.limit ? fmt::format(" LIMIT {}", *request.limit) : "";
  if (where.empty() && limit.empty()) return select;
  return fmt::format("SELECT * FROM ({}){}{}", select, where, limit);
}

}  // namespace ingestr::files
