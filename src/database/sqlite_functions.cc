#include "database/sqlite_functions.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.h"

namespace ingestr::database {
namespace {

void give_text(sqlite3_context* context, const std::string& text) {
  sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

bool is_null(sqlite3_value* value) { return sqlite3_value_type(value) == SQLITE_NULL; }

// fmt writes 1 for 1.0, and the shortest text that is no other number.
template <class Number>
std::string text_of_number(Number value) {
  std::string text = fmt::format("{}", value);
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

void text_function(sqlite3_context* context, int, sqlite3_value** values) {
  if (!is_null(values[0])) give_text(context, text_of_double(sqlite3_value_double(values[0])));
}

void text_of_real_function(sqlite3_context* context, int, sqlite3_value** values) {
  if (is_null(values[0])) return;
  const double value = sqlite3_value_double(values[0]);
  const bool is_one = std::abs(value) <= std::numeric_limits<float>::max() && static_cast<double>(static_cast<float>(value)) == value;
  give_text(context, is_one ? text_of_number(static_cast<float>(value)) : text_of_double(value));
}

void double_function(sqlite3_context* context, int, sqlite3_value** values) {
  if (is_null(values[0])) return;
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[0]));
  const char* end = text + sqlite3_value_bytes(values[0]);
  double value = 0;
  const auto [read, fault] = std::from_chars(text, end, value);
  if (fault == std::errc() && read == end) sqlite3_result_double(context, value);
}

void decimal_function(sqlite3_context* context, int, sqlite3_value** values) {
  if (is_null(values[0])) return;
  const double value = sqlite3_value_double(values[0]);
  if (std::isfinite(value)) give_text(context, fmt::format("{:.{}f}", value, sqlite3_value_int(values[1])));
}

int collate_decimals(void*, int a_bytes, const void* a, int b_bytes, const void* b) {
  return compare_decimals({static_cast<const char*>(a), static_cast<size_t>(a_bytes)},
                          {static_cast<const char*>(b), static_cast<size_t>(b_bytes)});
}

int collate_times(void*, int a_bytes, const void* a, int b_bytes, const void* b) {
  return compare_times({static_cast<const char*>(a), static_cast<size_t>(a_bytes)}, {static_cast<const char*>(b), static_cast<size_t>(b_bytes)});
}

struct Moment {
  std::string_view day, clock, zone;
};

Moment moment_of(std::string_view text) {
  const bool has_day = text.size() >= 10 && text[4] == '-' && text[7] == '-' && (text.size() == 10 || text[10] == ' ' || text[10] == 'T');
  if (!has_day) return {text, "", ""};
  Moment moment{text.substr(0, 10), text.substr(std::min<size_t>(text.size(), 11)), ""};
  if (const size_t at = moment.clock.find_first_of("+-Z"); at != std::string_view::npos) {
    moment.zone = moment.clock.substr(at);
    moment.clock = trim(moment.clock.substr(0, at));
    if (moment.zone == "Z" || moment.zone.find_first_not_of("+-0:") == std::string_view::npos) moment.zone = "";
  }
  if (moment.clock.find('.') != std::string_view::npos) moment.clock.remove_suffix(moment.clock.size() - 1 - moment.clock.find_last_not_of('0'));
  if (moment.clock.ends_with('.')) moment.clock.remove_suffix(1);
  if (moment.clock.size() == 8 && moment.clock.ends_with(":00")) moment.clock.remove_suffix(3);
  if (moment.clock.empty()) moment.clock = "00:00";
  return moment;
}

// Without sign.
int compare_sizes(std::string_view a, std::string_view b) {
  const auto parts = [](std::string_view text) {
    const size_t point = std::min(text.find('.'), text.size());
    std::string_view whole = text.substr(0, point), fraction = text.substr(std::min(point + 1, text.size()));
    whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
    fraction = fraction.substr(0, fraction.find_last_not_of('0') + 1);
    return std::pair(whole, fraction);
  };
  const auto [a_whole, a_fraction] = parts(a);
  const auto [b_whole, b_fraction] = parts(b);
  if (a_whole.size() != b_whole.size()) return a_whole.size() < b_whole.size() ? -1 : 1;
  if (const int order = a_whole.compare(b_whole); order != 0) return order;
  return a_fraction.compare(b_fraction);
}

}  // namespace

std::string text_of_double(double value) { return text_of_number(value); }

int compare_decimals(std::string_view a, std::string_view b) {
  const auto is_negative = [](std::string_view text) {
    return text.starts_with('-') && text.find_first_not_of("-0.") != std::string_view::npos;
  };
  const bool a_negative = is_negative(a), b_negative = is_negative(b);
  if (a_negative != b_negative) return a_negative ? -1 : 1;
  if (a.starts_with('-')) a.remove_prefix(1);
  if (b.starts_with('-')) b.remove_prefix(1);
  return a_negative ? compare_sizes(b, a) : compare_sizes(a, b);
}

int compare_times(std::string_view a, std::string_view b) {
  if (a == b) return 0;
  const Moment left = moment_of(a), right = moment_of(b);
  if (const int order = left.day.compare(right.day); order != 0) return order;
  if (const int order = left.clock.compare(right.clock); order != 0) return order;
  return left.zone.compare(right.zone);
}

void register_sqlite_functions(sqlite3* connection) {
  const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  const auto add = [&](const char* name, int arguments, void (*function)(sqlite3_context*, int, sqlite3_value**)) {
    sqlite3_create_function_v2(connection, name, arguments, flags, nullptr, function, nullptr, nullptr, nullptr);
  };
  add("_ingestr_text", 1, text_function);
  add("_ingestr_text_of_real", 1, text_of_real_function);
  add("_ingestr_double", 1, double_function);
  add("_ingestr_decimal", 2, decimal_function);
  sqlite3_create_collation_v2(connection, "_ingestr_decimal", SQLITE_UTF8, nullptr, collate_decimals, nullptr);
  sqlite3_create_collation_v2(connection, "_ingestr_time", SQLITE_UTF8, nullptr, collate_times, nullptr);
}

}  // namespace ingestr::database
