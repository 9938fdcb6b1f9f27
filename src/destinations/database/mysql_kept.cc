#include "destinations/database/mysql_kept.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"
#include "database/mysql_comments.h"
#include "duck/text.h"
#include "engine/evolution.h"

namespace ingestr::database {
namespace {

// A time of day takes the clock of as many digits as it has.
std::string in_digits_of(const std::string& declaration, const std::string& value) {
  const bool is_clock = to_lower(value).find("current_timestamp") <= 1;  // MySQL has it in parentheses
  return is_clock && declaration.starts_with("datetime(6)") ? "current_timestamp(6)" : value;
}

std::string default_of(const MysqlColumn& column, const std::string& declaration, const Type& to, bool converted, const MysqlDialect& dialect) {
  const std::optional<Type> from = type_of_mysql(column);
  if (converted && from) return "(" + dialect.converted(*column.initial, *from, to) + ")";
  // MySQL has none for long texts but expressions.
  return declaration.starts_with("long") ? "(" + *column.initial + ")" : in_digits_of(declaration, *column.initial);
}

// "on update current_timestamp()" of "on update current_timestamp(), invisible"; empty: there is none.
std::string on_update_of(const std::string& extra) {
  const size_t begin = extra.find("on update ");
  return begin == std::string::npos ? "" : extra.substr(begin, extra.find(',', begin) - begin);
}

bool compares_alike(const MysqlColumn& column, const Type& to) {
  const std::optional<Type> from = type_of_mysql(column);
  return from ? *from == to || are_akin(*from, to) : is_number(to) && is_number_column(column);
}

}  // namespace

std::string MysqlKept::sql() const {
  return fmt::format("{}{}{}", is_nullable ? " NULL" : " NOT NULL", parts.empty() ? "" : " ", fmt::join(parts, " "));
}

MysqlKept kept_of(const MysqlColumn& column, const std::string& declaration, const Type& to, bool converted, const MysqlDialect& dialect) {
  MysqlKept kept{column.is_nullable, {}, {}};
  const auto keep = [&](const std::string& part, bool allowed) { allowed ? kept.parts.push_back(part) : kept.lost.push_back(column.name + " " + part); };
  if (column.initial) keep("DEFAULT " + default_of(column, declaration, to, converted, dialect), true);
  if (const std::string update = on_update_of(column.extra); !update.empty()) {
    constexpr size_t kWords = std::string_view("on update ").size();
    keep("ON UPDATE " + in_digits_of(declaration, update.substr(kWords)), true);
  }
  if (column.extra.find("auto_increment") != std::string::npos) keep("AUTO_INCREMENT", true);
  if (column.extra.find("invisible") != std::string::npos) keep("INVISIBLE", true);
  const bool has_room = declaration.find(" COMMENT '") == std::string::npos;
  if (!column.comment.empty() && !is_type_comment(column.comment)) keep("COMMENT " + duck::quote_text(column.comment), has_room);
  if (!column.check.empty()) keep("CHECK (" + column.check + ")", compares_alike(column, to));
  return kept;
}

}  // namespace ingestr::database
