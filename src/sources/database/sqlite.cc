#include "sources/database/sqlite.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>

#include "base/text.h"
#include "duck/text.h"
#include "duck/values.h"
#include "engine/database_path.h"
#include "database/file_check.h"
#include "database/moment.h"
#include "database/sqlite_client.h"
#include "database/sqlite_types.h"
#include "sources/database/source.h"

namespace ingestr {
namespace {

using namespace database;

// What the values of a column are. SQLite lets any column hold anything, so all are looked at.
struct Evidence {
  bool any = false;       // one that is not NULL
  bool integers = true;   // all of them, of those that are not NULL; so are the others
  bool numbers = true;
  bool texts = true;
  bool blobs = true;
  bool exact = true;      // integers that a DOUBLE holds
  bool booleans = true;   // 0 and 1
  bool dates = true;      // 2026-01-31
  bool times = true;      // 2026-01-31 07:00:00, also with T, with up to six digits of a second
  bool no_reals = true;
};

constexpr const char* kEvidence[] = {
    "typeof({0}) = 'integer'",
    "typeof({0}) IN ('integer', 'real')",
    "typeof({0}) = 'text'",
    "typeof({0}) = 'blob'",
    "typeof({0}) = 'real' OR {0} BETWEEN -9007199254740992 AND 9007199254740992",
    "typeof({0}) = 'integer' AND {0} IN (0, 1)",
    "typeof({0}) = 'text' AND date({0}, '+0 days') = {0}",
    // Without the fraction: SQLite rounds it to milliseconds, and so .9995 up to the next second. A text ends at a NUL for most functions.
    "typeof({0}) = 'text' AND instr({0}, char(0)) = 0 AND replace(substr({0}, 1, 19), 'T', ' ') = datetime(substr({0}, 1, 19), '+0 days') "
    "AND (length({0}) = 19 OR substr({0}, 20, 1) = '.' AND length({0}) BETWEEN 21 AND 26 "
    "AND substr({0}, 21) NOT GLOB '*[^0-9]*')",
    "typeof({0}) <> 'real'",
};

// A condition that is NULL is not met: that of what is no date.
std::string evidence_sql(const std::string& column) {
  std::vector<std::string> parts = {fmt::format("(count({0}) > 0)", column)};
  for (const char* condition : kEvidence) {
    parts.push_back(fmt::format("coalesce(min({0} IS NULL OR coalesce(({1}), 0)), 1)", column, fmt::format(fmt::runtime(condition), column)));
  }
  return fmt::format("{}", fmt::join(parts, " || "));
}

Evidence parse_evidence(std::string_view text) {
  Evidence found;
  bool* const flags[] = {&found.any,   &found.integers, &found.numbers, &found.texts, &found.blobs,
                         &found.exact, &found.booleans, &found.dates,   &found.times, &found.no_reals};
  for (size_t i = 0; i < std::size(flags) && i < text.size(); ++i) *flags[i] = text[i] == '1';
  return found;
}

// What the declared type says, as SQLite itself reads it: by words in it (https://sqlite.org/datatype3.html).
bool says(std::string_view declared, std::string_view word) { return declared.find(word) != std::string_view::npos; }

Type declared_type(std::string_view declared) {
  if (says(declared, "bool")) return TypeId::boolean;
  if (says(declared, "int")) return TypeId::bigint;
  if (says(declared, "json")) return TypeId::varchar;
  if (says(declared, "datetime") || says(declared, "timestamp")) return TypeId::timestamp;
  if (declared == "date") return TypeId::date;
  if (says(declared, "real") || says(declared, "floa") || says(declared, "doub")) return TypeId::double_;
  if (says(declared, "blob")) return TypeId::blob;
  return declared.empty() ? TypeId::null : TypeId::varchar;
}

// The narrowest type that holds every value, the declared one where it does.
Type type_of(std::string_view declared, const Evidence& found) {
  const Type wanted = declared_type(declared);
  if (!found.any) return wanted;
  if (wanted.id == TypeId::boolean && found.booleans) return wanted;
  if (wanted.id == TypeId::date && found.dates) return wanted;
  if (wanted.id == TypeId::timestamp && found.times) return wanted;
  if (found.integers) return wanted.id == TypeId::double_ && found.exact ? wanted : Type(TypeId::bigint);
  if (found.numbers && found.exact) return TypeId::double_;
  return found.blobs ? TypeId::blob : TypeId::varchar;
}

// The engine itself finds out where it keeps the text, if at all, and does not say of which column it is.
std::string utf8_text(const std::string& text, const std::string& refusal) {
  return fmt::format("CASE WHEN {0} IS NOT NULL AND TRY(decode(encode({0}))) IS NULL THEN {1} ELSE {0} END", text,
                     duck::raise(duck::quote_text(refusal)));
}

// Blobs have their hexadecimal digits. Only the engine prints a real in the fewest digits that are read back as the same, so among others reals
// are told from texts by a letter.
ReadColumn read_texts(const std::string& name, const std::string& there, bool has_reals, const std::string& no_utf8) {
  const std::string text = utf8_text(duck::quote_name(name), no_utf8);
  if (!has_reals) return {name, fmt::format("CASE typeof({0}) WHEN 'blob' THEN hex({0}) ELSE {0} END", there), text, TypeId::varchar};
  return {name,
          fmt::format("CASE typeof({0}) WHEN 'real' THEN 'r' || printf('%!.20g', {0}) WHEN 'blob' THEN 't' || hex({0}) ELSE 't' || {0} END", there),
          fmt::format("CASE WHEN starts_with({0}, 'r') THEN CAST(CAST(substring({0}, 2) AS DOUBLE) AS VARCHAR) ELSE substring({1}, 2) END",
                      duck::quote_name(name), text),
          TypeId::varchar};
}

// Everything travels as text. That of a REAL would be cut to 15 digits, and bytes are no text. 17 digits are enough for a number
// that is printed exactly, but SQLite prints with a little error, which 20 digits keep too small to matter.
ReadColumn read_column(const std::string& name, const std::string& there, const Type& type) {
  const std::string here = duck::quote_name(name);
  switch (type.id) {
    case TypeId::double_:
      return {name, fmt::format("CASE typeof({0}) WHEN 'real' THEN printf('%!.20g', {0}) ELSE {0} END", there), here + "::DOUBLE",
              type};
    case TypeId::blob:
      return {name, fmt::format("CASE WHEN {0} IS NOT NULL THEN hex({0}) END", there), fmt::format("from_hex({})", here), type};
    default:
      return {name, there, fmt::format("{}::{}", here, to_string(type)), type};
  }
}

// One moment is "2026-01-31", "2026-01-31 00:00:00", "2026-01-31 00:00:00.000" and any of these with "+00:00" behind, in this order but for
// the zeros; all of them are below any text of a later moment.
std::string text_of(SystemTime time, Side side) {
  constexpr std::string_view kMidnight = " 00:00:00", kWhole = ".000000";
  std::string text = moment_text(time);
  if (side == Side::greatest) return text + "+00:00";
  if (text.ends_with(kWhole)) text.resize(text.size() - kWhole.size());
  if (side == Side::none) return text;
  if (text.find('.') != std::string::npos) text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with(kMidnight)) text.resize(text.size() - kMidnight.size());
  return text;
}

class Sqlite final : public System {
 public:
  explicit Sqlite(std::filesystem::path path) : path_(std::move(path)) {}

  std::string shown() const override { return path_.string(); }
  bool is_server() const override { return false; }
  std::optional<duck::Extension> extension() const override { return duck::Extension::sqlite; }

  std::vector<std::string> attach() const override {
    return {duck::load_sql(duck::Extension::sqlite),
            fmt::format("ATTACH IF NOT EXISTS {} AS {} (TYPE sqlite, READ_ONLY)",
                        duck::quote_text(std::filesystem::absolute(path_).string()), kCatalog)};
  }

  Error connect_failure(const Error& error) const override { return unreadable(path_, "SQLite", error); }

  std::string identifier(std::string_view name) const override { return duck::quote_name(name); }

  std::string time(SystemTime time, const Type&) const override { return time_in_query(time, Side::none); }
  std::string time_in_query(SystemTime time, Side side) const override { return duck::quote_text(text_of(time, side)); }
  bool compares_times() const override { return false; }

  std::string scan(const std::string& select) const override {
    return fmt::format("sqlite_query('{}', {})", kCatalog, duck::quote_text(select));
  }

  std::vector<ReadColumn> columns(duck::Connection& connection, const Selection& selection) const override;

  std::string primary_key_query(const TableName& table) const override {
    return fmt::format("SELECT name FROM pragma_table_info({}) WHERE pk > 0 ORDER BY pk", duck::quote_text(table.table));
  }

  std::string tables_query() const override {
    // Shadow tables are what a virtual table keeps its own data in.
    return "SELECT NULL AS schema, m.name AS name, m.type AS kind, (SELECT group_concat(name, char(10)) FROM (SELECT p.name "
           "FROM pragma_table_info(m.name) p WHERE p.pk > 0 ORDER BY p.pk)) AS key, 'true' AS readable FROM sqlite_master m "
           "WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
           "AND m.name NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow') ORDER BY 2";
  }

 private:
  std::string no_utf8(const Selection& selection, const std::string& column) const;
  std::vector<std::string> declared_types(duck::Connection& connection, const Selection& selection, const Schema& found) const;
  void take_own_types(duck::Connection& connection, const std::string& select, const std::vector<std::string>& declared,
                      std::vector<ReadColumn>& columns) const;

  std::filesystem::path path_;
};

// Whether all of a column's texts are what our destination writes for the type, as SQL of the engine.
std::string is_own(const std::string& text, const Type& type) {
  return fmt::format("coalesce(bool_and(coalesce({1} = CAST({0} AS {2}), {0} IS NULL)), true)", text,
                     sqlite_value(fmt::format("TRY_CAST({} AS {})", text, to_string(type)), type), to_string(sqlite_value_type(type)));
}

// Only the engine knows whether a column that is declared as ours are has such values; a column of others keeps the type that
// its values have.
void Sqlite::take_own_types(duck::Connection& connection, const std::string& select, const std::vector<std::string>& declared,
                            std::vector<ReadColumn>& columns) const {
  std::vector<size_t> places;
  std::vector<std::string> there, checks;
  for (size_t i = 0; i < columns.size(); ++i) {
    const std::optional<Type> own = own_type_of_sqlite(declared[i]);
    if (!own || columns[i].type.id == TypeId::blob) continue;
    places.push_back(i);
    there.push_back(fmt::format("CAST({} AS TEXT) AS c{}", columns[i].there, i));
    checks.push_back(is_own(fmt::format("c{}", i), *own));
  }
  if (places.empty()) return;
  const auto found = connection.query(fmt::format(
      "SELECT {} FROM {}", fmt::join(checks, ", "), scan(fmt::format("SELECT {} FROM ({}) AS rows", fmt::join(there, ", "), select))));
  for (size_t i = 0; i < places.size(); ++i) {
    if (found.at(0).at(i) != "true") continue;
    ReadColumn& column = columns[places[i]];
    column.type = own_type_of_sqlite(declared[places[i]]).value();
    column.here = fmt::format("{}::{}", duck::quote_name(column.name), to_string(column.type));
  }
}

std::string Sqlite::no_utf8(const Selection& selection, const std::string& column) const {
  return fmt::format("cannot read {}: column {} of {} has text that is not UTF-8; take its bytes with query:SELECT … CAST({} AS BLOB) AS {}",
                     shown(), column, selection.table ? to_string(*selection.table) : "the query", identifier(column), identifier(column));
}

// In small letters; "" of a query's columns. By name: SELECT * leaves out what a virtual table hides, and has generated columns.
std::vector<std::string> Sqlite::declared_types(duck::Connection& connection, const Selection& selection, const Schema& found) const {
  std::vector<std::string> declared(found.columns.size());
  if (!selection.table) return declared;
  const auto rows = connection.query("FROM " + scan(fmt::format("SELECT name, lower(type) AS type FROM pragma_table_xinfo({}) WHERE hidden <> 1",
                                                                duck::quote_text(selection.table->table))));
  for (const auto& row : rows) {
    if (const auto place = found.find(row.at(0).value_or(""))) declared[*place] = row.at(1).value_or("");
  }
  return declared;
}

std::vector<ReadColumn> Sqlite::columns(duck::Connection& connection, const Selection& selection) const {
  const Schema found = connection.describe("FROM " + scan(selection.select));
  const std::vector<std::string> declared = declared_types(connection, selection, found);
  std::vector<std::string> evidence;
  for (size_t i = 0; i < found.columns.size(); ++i) {
    evidence.push_back(fmt::format("{} AS e{}", evidence_sql(identifier(found.columns[i].name)), i));
  }
  const auto seen = connection.query("FROM " + scan(fmt::format("SELECT {} FROM ({}) AS rows", fmt::join(evidence, ", "), selection.select)));
  std::vector<ReadColumn> columns;
  for (size_t i = 0; i < found.columns.size(); ++i) {
    const std::string& name = found.columns[i].name;
    const Evidence values = parse_evidence(seen.at(0).at(i).value_or(""));
    const Type type = type_of(declared[i], values);
    const bool is_text = type.id == TypeId::varchar || type.id == TypeId::null;
    columns.push_back(is_text ? read_texts(name, identifier(name), !values.no_reals, no_utf8(selection, name)) : read_column(name, identifier(name), type));
    columns.back().type = type;
  }
  take_own_types(connection, selection.select, declared, columns);
  return columns;
}

// SQLite itself finds out with the first statement. An empty file is a database without tables.
void check_header(const std::filesystem::path& path) {
  constexpr std::string_view kHeader("SQLite format 3\0", 16);
  std::string header(kHeader.size(), ' ');
  std::ifstream file(path, std::ios::binary);
  file.read(header.data(), static_cast<std::streamsize>(header.size()));
  if (file.gcount() == 0 || header == kHeader) return;
  throw Error(ErrorKind::bad_data, fmt::format("cannot read {}: it is no SQLite database", path.string()));
}

std::unique_ptr<Source> open_sqlite(const Uri& uri, const SourceOptions& options, const Context& context) {
  std::filesystem::path path = check_file(database_path(uri));
  check_header(path);
  undo_killed_writer(path, context.stop);
  return make_source(std::make_shared<Sqlite>(std::move(path)), options, context.stop);
}

}  // namespace

Connector sqlite_connector() {
  Connector connector;
  connector.schemes = {"sqlite"};
  connector.title = "SQLite";
  connector.example_uri = "sqlite:///file.db";
  connector.finds_primary_keys = true;
  connector.open_source = open_sqlite;
  return connector;
}

}  // namespace ingestr
