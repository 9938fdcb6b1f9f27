#include "sources/database/query.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "sources/database/sql_text.h"

namespace ingestr::database {
namespace {

constexpr std::string_view kStart = ":interval_start";
constexpr std::string_view kEnd = ":interval_end";

std::string_view without_semicolon(std::string_view query) {
  query = trim(query);
  while (query.ends_with(';')) query = trim(query.substr(0, query.size() - 1));
  return query;
}

// :: is a cast, and a:b a part of an array.
bool may_begin(std::string_view query, size_t at) {
  return at == 0 || !(query[at - 1] == ':' || is_name_character(query[at - 1]));
}

bool is_placeholder(std::string_view query, size_t at, std::string_view name) {
  const std::string_view rest = query.substr(at);
  return rest.starts_with(name) && (rest.size() == name.size() || !is_name_character(rest[name.size()])) && may_begin(query, at);
}

// Runs of these are operators.
size_t end_of_operator(std::string_view query, size_t at) { return std::min(query.find_first_not_of("<>=!|&+-*/%~", at), query.size()); }

size_t end_of_word(std::string_view query, size_t at) {
  while (at < query.size() && is_name_character(query[at])) ++at;
  return at;
}

// Where to look on: behind a string, a comment, a word or an operator; else behind the character.
size_t end_of_piece(std::string_view query, size_t at, SqlFamily family) {
  if (const size_t end = end_of_text(query, at, family); end > at) return end;
  if (const size_t end = end_of_word(query, at); end > at) return end;
  size_t end = at + 1;
  // A comment may begin among them.
  for (const size_t last = end_of_operator(query, at); end < last && end_of_text(query, end, family) == end;) ++end;
  return end;
}

// Of what stands behind an operator.
Side side_behind(std::string_view piece) {
  if (piece == "<" || piece == ">=") return Side::least;
  return piece == "<=" || piece == ">" ? Side::greatest : Side::none;
}

// Of what stands before one.
Side side_before(std::string_view piece) {
  if (piece == ">" || piece == "<=") return Side::least;
  return piece == ">=" || piece == "<" ? Side::greatest : Side::none;
}

bool is_comment(std::string_view piece) { return piece.starts_with("--") || piece.starts_with("/*"); }

// What a moment is compared by, as far as the words beside it say.
class Comparison {
 public:
  explicit Comparison(SqlFamily family) : family_(family) {}

  // A piece of the query that is no placeholder.
  void pass(std::string_view piece) {
    if (is_comment(piece) || trim(piece).empty()) return;
    side_ = side_behind(piece);
    if (piece == "(") ranges_.push_back(false);
    if (piece == ")" && ranges_.size() > 1) ranges_.pop_back();
    if (equal_ignoring_case(piece, "between")) {
      ranges_.back() = true;
      side_ = Side::least;
    } else if (equal_ignoring_case(piece, "and")) {
      if (ranges_.back()) side_ = Side::greatest;
      ranges_.back() = false;
    }
  }

  // Of a placeholder, with what follows it.
  Side take(std::string_view rest) {
    const Side side = std::exchange(side_, Side::none);
    std::string_view next;
    do {
      rest = trim(rest.substr(next.size()));
      next = rest.empty() ? rest : rest.substr(0, end_of_piece(rest, 0, family_));
    } while (is_comment(next));
    const bool is_operator = !next.empty() && end_of_operator(next, 0) == next.size();
    if (!is_operator) return side;
    return side == Side::none ? side_before(next) : Side::none;  // worked with: it is not this text that is compared
  }

 private:
  SqlFamily family_;
  Side side_ = Side::none;              // of what comes next
  std::vector<bool> ranges_ = {false};  // in each parenthesis: between BETWEEN and its AND
};

std::string literal(const std::optional<SystemTime>& time, Side side, const System& system) {
  if (!time) {
    throw Error(ErrorKind::usage,
                "the query has :interval_start or :interval_end; give --interval-start and --interval-end");
  }
  return system.time_in_query(*time, side);
}

}  // namespace

std::optional<std::string> query_text(std::string_view table) {
  constexpr std::string_view kPrefix = "query:";
  if (!equal_ignoring_case(table.substr(0, kPrefix.size()), kPrefix)) return std::nullopt;
  const std::string_view query = without_semicolon(table.substr(kPrefix.size()));
  if (query.empty()) throw Error(ErrorKind::usage, "--source-table is query: without a SELECT behind it");
  return std::string(query);
}

std::string with_interval(const std::string& query, const ReadRequest& request, const System& system) {
  std::string text;
  bool used = false;
  Comparison comparison(system.family());
  for (size_t i = 0; i < query.size();) {
    const bool is_start = is_placeholder(query, i, kStart);
    if (is_start || is_placeholder(query, i, kEnd)) {
      const size_t end = i + (is_start ? kStart.size() : kEnd.size());
      text += literal(is_start ? request.interval_start : request.interval_end, comparison.take(std::string_view(query).substr(end)), system);
      i = end;
      used = true;
    } else {
      const size_t end = end_of_piece(query, i, system.family());
      comparison.pass(std::string_view(query).substr(i, end - i));
      text += query.substr(i, end - i);
      i = end;
    }
  }
  if (request.has_interval() && !used) {
    throw Error(ErrorKind::usage,
                "an interval is given and the query does not use it; compare a column with :interval_start and :interval_end");
  }
  return text;
}

}  // namespace ingestr::database
