#include "sources/database/mysql.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <mutex>

#include "base/text.h"
#include "duck/text.h"
#include "duck/values.h"
#include "database/moment.h"
#include "database/mysql_client.h"
#include "database/mysql_comments.h"
#include "database/mysql_server.h"
#include "database/statement_mark.h"
#include "sources/database/source.h"

namespace ingestr {
namespace {

using namespace database;

// How a type is read: `there` in MySQL's SQL, `here` in DuckDB's, with {} for the column; as it is where there is nothing.
// Of floats and decimals MySQL's texts are rounded or DuckDB's numbers are, so floats travel as doubles, decimals as text.
struct MysqlType {
  std::string_view name;  // as information_schema.columns has it in data_type, " unsigned" behind it
  std::string_view there;
  std::string_view here;
  TypeId type;
};

// Of information_schema.columns, where SELECT * has the column; it has neither one that is INVISIBLE, nor the times of a row's versions that are.
constexpr std::string_view kVisible = "extra NOT LIKE '%INVISIBLE%'";

// A server's limits of time and of rows are not for our statements. To MySQL the first is a comment, to MariaDB the second, which stands
// behind SELECT.
constexpr std::string_view kMariadbWithoutLimits =
    "/*M!100100 SET STATEMENT max_statement_time = 0, sql_select_limit = 18446744073709551615, sql_big_selects = 1 FOR */ ";
constexpr std::string_view kMysqlWithoutLimits =
    "/*+ SET_VAR(max_execution_time = 0) SET_VAR(sql_select_limit = 18446744073709551615) SET_VAR(sql_big_selects = 1) */ ";

constexpr std::string_view kChar = "CONVERT({} USING utf8mb4)";  // not a BLOB, as DuckDB would take a binary collation for

constexpr MysqlType kMysqlTypes[] = {
    {"tinyint", "CAST({} AS SIGNED)", "{}::SMALLINT", TypeId::smallint},  // tinyint(1) may hold more than 0 and 1
    {"tinyint unsigned", "CAST({} AS SIGNED)", "{}::SMALLINT", TypeId::smallint},
    {"smallint", "", "{}::SMALLINT", TypeId::smallint},
    {"smallint unsigned", "", "{}::INTEGER", TypeId::integer},
    {"mediumint", "", "{}::INTEGER", TypeId::integer},
    {"mediumint unsigned", "", "{}::INTEGER", TypeId::integer},
    {"int", "", "{}::INTEGER", TypeId::integer},
    {"int unsigned", "", "{}::BIGINT", TypeId::bigint},
    {"bigint", "", "{}::BIGINT", TypeId::bigint},
    {"year", "", "{}::SMALLINT", TypeId::smallint},
    {"float", "({} + 0e0)", "{}::REAL", TypeId::real},
    {"float unsigned", "({} + 0e0)", "{}::REAL", TypeId::real},
    {"double", "", "{}::DOUBLE", TypeId::double_},
    {"double unsigned", "", "{}::DOUBLE", TypeId::double_},
    {"char", kChar, "", TypeId::varchar},
    {"varchar", kChar, "", TypeId::varchar},
    {"tinytext", kChar, "", TypeId::varchar},
    {"text", kChar, "", TypeId::varchar},
    {"mediumtext", kChar, "", TypeId::varchar},
    {"longtext", kChar, "", TypeId::varchar},
    {"enum", kChar, "", TypeId::varchar},
    {"set", kChar, "", TypeId::varchar},
    {"json", kChar, "{}::JSON", TypeId::json},
    {"uuid", "CAST({} AS CHAR)", "{}::UUID", TypeId::uuid},
    {"binary", "", "", TypeId::blob},
    {"varbinary", "", "", TypeId::blob},
    {"tinyblob", "", "", TypeId::blob},
    {"blob", "", "", TypeId::blob},
    {"mediumblob", "", "", TypeId::blob},
    {"longblob", "", "", TypeId::blob},
    {"date", "", "", TypeId::date},
    {"datetime", "", "", TypeId::timestamp},
    {"timestamp", "", "{}::TIMESTAMPTZ", TypeId::timestamp_tz},  // the session's zone is UTC
};
// What our destination has said of a column.
struct MysqlComment {
  std::string_view comment;
  std::string_view ending;  // of the names of its types
  std::string_view there;
  std::string_view here;
  TypeId type;
};

constexpr MysqlComment kMysqlComments[] = {
    {kJsonComment, "text", kChar, "{}::JSON", TypeId::json},
    {kIntervalComment, "text", kChar, "{}::INTERVAL", TypeId::interval},
    {kUuidComment, "char", kChar, "{}::UUID", TypeId::uuid},
    {kBooleanComment, "tinyint", "CAST({} AS CHAR)", "{}::BOOLEAN", TypeId::boolean},  // 2 is none
    {kTimeComment, "time", "CAST({} AS CHAR)", "{}::TIME", TypeId::time},
    {kUtcComment, "datetime", "", "{}::TIMESTAMPTZ", TypeId::timestamp_tz},
};

// All others: time, which goes up to 838 hours, network addresses, and what later versions bring.
constexpr MysqlType kMysqlText = {"", "CAST({} AS CHAR)", "", TypeId::varchar};
constexpr std::string_view kGeometries[] = {"geometry", "point", "linestring", "polygon", "multipoint", "multilinestring",
                                            "multipolygon", "geometrycollection"};

std::string filled(std::string_view form, const std::string& column) {
  return form.empty() ? column : fmt::format(fmt::runtime(form), column);
}

unsigned number(const std::optional<std::string>& text) {
  unsigned value = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}

class Mysql final : public System {
 public:
  explicit Mysql(MysqlServer server) : server_(std::move(server)) {}

  std::string shown() const override { return server_.shown(); }
  std::optional<duck::Extension> extension() const override { return duck::Extension::mysql; }
  void reach() const override {
    std::call_once(reached_, [this] { MysqlClient::reach(server_); });
  }
  std::vector<std::string> attach() const override { return server_.attach(kCatalog); }
  Error connect_failure(const Error& error) const override { return server_.connect_failure(error); }
  SqlFamily family() const override { return SqlFamily::mysql; }
  std::string identifier(std::string_view name) const override { return quote_mysql_name(name); }

  std::string time(SystemTime time, const Type&) const override {
    return duck::quote_text(moment_text(time));
  }
  std::string time_in_query(SystemTime time, Side) const override { return this->time(time, TypeId::timestamp); }

  // 0000-00-00, which comes as NULL.
  std::string null_time(std::string_view identifier) const override { return fmt::format("{} + 0 = 0", identifier); }

  // Beside a YEAR 50 is 2050.
  std::string compared(const Column& column) const override {
    return column.type.id == TypeId::smallint ? fmt::format("({} + 0)", identifier(column.name)) : identifier(column.name);
  }

  std::string scan(const std::string& select) const override {
    std::string unlimited = std::string(kMariadbWithoutLimits) + select;
    // A query of the user's, which is only described as it is, may begin otherwise.
    constexpr std::string_view kSelect = "SELECT ";
    if (select.starts_with(kSelect)) unlimited.insert(kMariadbWithoutLimits.size() + kSelect.size(), kMysqlWithoutLimits);
    return fmt::format("mysql_query('{}', {})", kCatalog, duck::quote_text(mark_.on(unlimited)));
  }

  void cancel() const override {
    MysqlClient client(server_, {});
    const auto running = client.query(fmt::format(
        "SELECT id FROM information_schema.processlist WHERE id <> connection_id() AND info LIKE '%{}%'", mark_.text()));
    for (const auto& session : running) client.execute(fmt::format("KILL QUERY {}", session.at(0).value()));
  }

  std::vector<ReadColumn> columns(duck::Connection& connection, const Selection& selection) const override {
    return selection.table ? table_columns(connection, selection) : query_columns(connection, selection);
  }

  // A key with a column that is not read tells no rows apart.
  std::string primary_key_query(const TableName& table) const override {
    return fmt::format("SELECT column_name AS name FROM information_schema.key_column_usage WHERE constraint_name = 'PRIMARY' AND {0} AND "
                       "NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE {0} AND column_key = 'PRI' AND NOT {1}) "
                       "ORDER BY ordinal_position", names_table(table), kVisible);
  }

  std::string row_count_query(const TableName& table) const override {
    return fmt::format("SELECT CAST(coalesce(table_rows, 0) AS CHAR) AS rows_there FROM information_schema.tables WHERE {}", names_table(table));
  }

  std::string tables_query() const override {
    return fmt::format(
        "SELECT t.table_schema AS `schema`, t.table_name AS name, "
        "CASE t.table_type WHEN 'VIEW' THEN 'view' ELSE 'table' END AS kind, "
        "(SELECT GROUP_CONCAT(k.column_name ORDER BY k.ordinal_position SEPARATOR '\\n') "
        "FROM information_schema.key_column_usage k WHERE k.constraint_name = 'PRIMARY' AND {} AND {}) AS `key`, 'true' AS readable "
        "FROM information_schema.tables t "
        "WHERE t.table_type <> 'SEQUENCE' AND t.table_schema NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys') ORDER BY 1, 2",
        is_mysql_name("k.table_schema", "t.table_schema"), is_mysql_name("k.table_name", "t.table_name"));
  }

 private:
  // A literal, whatever the session's SQL mode makes of backslashes.
  static std::string text(std::string_view value) {
    std::string hex = "X'";
    for (const char c : value) hex += fmt::format("{:02X}", static_cast<unsigned char>(c));
    return fmt::format("CONVERT({}' USING utf8mb4)", hex);
  }

  static std::string names_table(const TableName& table) {
    return is_mysql_name("table_schema", table.schema.empty() ? "DATABASE()" : text(table.schema)) + " AND " +
           is_mysql_name("table_name", text(table.table));
  }

  std::vector<ReadColumn> table_columns(duck::Connection& connection, const Selection& selection) const;
  std::vector<ReadColumn> query_columns(duck::Connection& connection, const Selection& selection) const;
  std::vector<bool> texts(const std::string& select) const;

  MysqlServer server_;
  mutable std::once_flag reached_;
  StatementMark mark_;
};

ReadColumn decimal_column(const std::string& name, const std::string& there, const std::string& here, unsigned precision,
                          unsigned scale) {
  if (precision > 38) return {name, filled(kMysqlText.there, there), here, TypeId::varchar};
  const Type type = Type::decimal(static_cast<uint8_t>(precision), static_cast<uint8_t>(scale));
  return {name, filled(kMysqlText.there, there), fmt::format("{}::{}", here, to_string(type)), type};
}

// One bit is true or false, more are a number.
ReadColumn bit_column(const std::string& name, const std::string& there, const std::string& here, unsigned bits) {
  if (bits == 1) return {name, fmt::format("CAST({} AS SIGNED)", there), fmt::format("{} <> 0", here), TypeId::boolean};
  const Type type = bits < 64 ? Type(TypeId::bigint) : Type::decimal(20, 0);
  return {name, fmt::format("CAST({} AS UNSIGNED)", there), fmt::format("{}::{}", here, to_string(type)), type};
}

std::vector<ReadColumn> Mysql::table_columns(duck::Connection& connection, const Selection& selection) const {
  // Finds out that the table is there and may be read, in the server's words.
  connection.describe("FROM " + scan(selection.select));
  const auto rows = connection.query("FROM " + scan(fmt::format(
      "SELECT column_name AS name, data_type AS type, column_type AS full_type, numeric_precision AS width, numeric_scale AS "
      "scale, column_comment AS comment FROM information_schema.columns WHERE {} AND {} ORDER BY ordinal_position",
      names_table(*selection.table), kVisible)));
  std::vector<ReadColumn> columns;
  for (const auto& row : rows) {
    const std::string& name = row.at(0).value();
    const std::string there = identifier(name), here = duck::quote_name(name);
    std::string type = to_lower(row.at(1).value());
    if (row.at(2).value().find(" unsigned") != std::string::npos) type += " unsigned";
    const auto* said = std::ranges::find_if(kMysqlComments, [&](const MysqlComment& one) {
      return row.at(5) == std::string(one.comment) && type.ends_with(one.ending);
    });
    if (said != std::end(kMysqlComments)) {
      columns.push_back({name, filled(said->there, there), filled(said->here, here), said->type});
    } else if (type.starts_with("decimal")) {
      columns.push_back(decimal_column(name, there, here, number(row.at(3)), number(row.at(4))));
    } else if (type == "bit") {
      columns.push_back(bit_column(name, there, here, number(row.at(3))));
    } else if (type == "bigint unsigned") {
      columns.push_back({name, there, here + "::DECIMAL(20,0)", Type::decimal(20, 0)});
    } else if (std::ranges::find(kGeometries, type) != std::end(kGeometries)) {
      columns.push_back({name, fmt::format("HEX(ST_AsBinary({}))", there), fmt::format("from_hex({})", here), TypeId::blob});
    } else {
      const auto* found = std::ranges::find(kMysqlTypes, type, &MysqlType::name);
      const MysqlType& rule = found == std::end(kMysqlTypes) ? kMysqlText : *found;
      columns.push_back({name, filled(rule.there, there), filled(rule.here, here), rule.type});
    }
  }
  return columns;
}

// To DuckDB a text with a binary collation is a BLOB.
std::vector<bool> Mysql::texts(const std::string& select) const {
  MysqlClient client(server_, {});
  client.execute("SET SESSION sql_mode = @@GLOBAL.sql_mode");  // as that of DuckDB's session, for literals of the user's
  return client.texts(select);
}

// Of a query's columns little more than what DuckDB makes of them is known: a DECIMAL that is too wide for it is a DOUBLE to it, like a
// DOUBLE. Those travel as text, and one with more digits than a DOUBLE ever prints is refused.
std::vector<ReadColumn> Mysql::query_columns(duck::Connection& connection, const Selection& selection) const {
  std::vector<ReadColumn> columns;
  const std::vector<Column> found = connection.describe("FROM " + scan(selection.select)).columns;
  const bool has_blobs = std::ranges::any_of(found, [](const Column& column) { return column.type.id == TypeId::blob; });
  const std::vector<bool> texts = has_blobs ? this->texts(selection.select) : std::vector<bool>();
  for (size_t i = 0; i < found.size(); ++i) {
    const Column& column = found[i];
    const std::string there = identifier(column.name), here = duck::quote_name(column.name);
    if (i < texts.size() && texts[i] && column.type.id == TypeId::blob) {
      columns.push_back({column.name, filled(kChar, there), here, TypeId::varchar});
      continue;
    }
    switch (column.type.id) {
      case TypeId::double_:
        columns.push_back(
            {column.name, filled(kMysqlText.there, there),
             fmt::format("CASE WHEN length(ltrim(regexp_replace(split_part(lower({0}), 'e', 1), '[^0-9]', '', 'g'), '0')) > 17 "
                         "THEN {1} ELSE {0}::DOUBLE END",
                         here, duck::raise(fmt::format("{} || {}", duck::quote_text(fmt::format(
                             "column {} of the query has more digits than a DOUBLE holds; CAST it in the query to DECIMAL(38, …) or CHAR: ",
                             column.name)), here))),
             TypeId::double_});
        break;
      case TypeId::decimal:
        // Of an unsigned one DuckDB takes the width for one less than it is.
        columns.push_back(decimal_column(column.name, there, here, std::min(column.type.precision + 1U, 38U), column.type.scale));
        break;
      case TypeId::real:
        columns.push_back({column.name, filled("({} + 0e0)", there), here + "::REAL", TypeId::real});
        break;
      default:
        columns.push_back({column.name, there, fmt::format("CAST({} AS {})", here, to_string(column.type)), column.type});
    }
  }
  return columns;
}

std::unique_ptr<Source> open_mysql(const Uri& uri, const SourceOptions& options, const Context& context) {
  return make_source(std::make_shared<Mysql>(MysqlServer(uri, context)), options, context.stop);
}

}  // namespace

Connector mysql_connector() {
  Connector connector = describe_mysql();
  connector.finds_primary_keys = true;
  connector.reads_windows = true;
  connector.open_source = open_mysql;
  return connector;
}

}  // namespace ingestr
