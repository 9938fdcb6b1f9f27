#include "history.h"

#include <fmt/core.h>

namespace sandbox {
namespace {

constexpr std::string_view kFrom = R"({"active_from":")", kUntil = R"(","active_until":)",
                           kOpenEnd = "null";

// The same value, but in force from one time to another.
std::string between(std::string_view value, Milliseconds from, Milliseconds until) {
  value.remove_prefix(kFrom.size() + kTimestampLength + kUntil.size() + kOpenEnd.size());
  return fmt::format(R"({}{}{}"{}"{})", kFrom, timestamp_text(from), kUntil, timestamp_text(until),
                     value);
}

bool changed_since(std::string_view value, std::string_view created_at) {
  return value.substr(kFrom.size(), kTimestampLength) != created_at;
}

// Three rows of ten have a history at all, and a rare attribute a long one, for pages.
uint64_t how_many(const Column& column, const Row& row, uint64_t seed, bool has_value) {
  const uint64_t row_draw = mix(seed ^ ~mix(row.key));
  Random random(row_draw ^ hash_text(column.slug));
  if (row_draw % 10 >= 3) return 0;
  if (random.below(100) == 0) return 30;
  return random.percent(has_value ? 60 : 10) ? 1 + random.below(3) : 0;
}

}  // namespace

std::vector<std::string> split_values(std::string_view text) {
  std::vector<std::string> values;
  size_t begin = 0;
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (depth++ == 0) begin = i;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      values.emplace_back(text.substr(begin, i + 1 - begin));
    }
  }
  return values;
}

std::vector<std::string> earlier_values(const Column& column, const Row& row, uint64_t seed,
                                        const std::vector<std::string>& current) {
  const bool about_creation = column.content == Content::row_id ||
                              column.content == Content::row_created ||
                              column.content == Content::row_creator;
  if (about_creation || column.fill == 0) return {};
  const RowFacts facts(row, seed);
  if (!current.empty() && !changed_since(current.front(), facts.created_at())) return {};
  const Milliseconds begin = facts.created, end = *parse_timestamp(facts.touched_at());
  const uint64_t count = how_many(column, row, seed, !current.empty());
  if (end - begin < static_cast<Milliseconds>(count)) return {};
  const auto border = [&](uint64_t i) {
    return begin + (end - begin) * static_cast<Milliseconds>(i) / static_cast<Milliseconds>(count);
  };
  std::vector<std::string> values;
  for (uint64_t i = 0; i < count; ++i) {
    RowFacts then(row, mix(seed ^ hash_text(column.slug)) + i);
    std::string text;
    JsonWriter out(text);
    write_values(column, then, "What stood here before.", out);
    values.push_back(between(split_values(text).front(), border(i), border(i + 1)));
  }
  return values;
}

}  // namespace sandbox
