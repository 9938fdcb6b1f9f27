#include "destinations/files/sheet.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "base/xml.h"
#include "data/type_kind.h"
#include "duck/text.h"
#include "duck/text_values.h"

namespace ingestr::file_output {
namespace {

// Of Excel; see "Excel specifications and limits" in its manual.
constexpr uint64_t kMostRows = 1'048'575;  // below the names
constexpr size_t kMostColumns = 16'384;
constexpr int kMostLetters = 32'767;  // in UTF-16
constexpr int kMostDigits = 15;
// Of a part of a ZIP file without its extensions for larger ones.
constexpr uint64_t kMostBytes = 4'000'000'000;

// No character of XML, or what Excel takes for the name of one.
constexpr std::string_view kNoCell = R"([\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]|_x[0-9A-Fa-f]{4}_)";

bool is_plain(const Type& type) {
  return type.id == TypeId::boolean || is_number(type) || type.id == TypeId::date || type.id == TypeId::timestamp;
}

std::string text_of(const std::string& value, const Type& type) {
  const bool is_json = type.id == TypeId::json || type.id == TypeId::list;
  return is_json ? duck::field_sql(value, type) : duck::text_sql(value, type);
}

// Whether a value of a plain type fits in no cell of that type; "false": all do.
std::string misfit(const std::string& value, const Type& type) {
  if (is_float(type)) return fmt::format("NOT isfinite({})", value);
  if (type.id == TypeId::bigint || (type.id == TypeId::decimal && type.precision > kMostDigits)) {
    return fmt::format("length(trim(translate(CAST({} AS VARCHAR), '-.', ''), '0')) > {}", value, kMostDigits);
  }
  if (type.id == TypeId::date) return fmt::format("{0} < DATE '1900-03-01' OR {0} > DATE '9999-12-31'", value);
  if (type.id == TypeId::timestamp) {
    return fmt::format("CASE WHEN {0} < TIMESTAMP '1900-03-01' OR {0} >= TIMESTAMP '10000-01-01' THEN true ELSE epoch_us({0}) % 1000 <> 0 END",
                       value);
  }
  return "false";
}

std::string letters(const std::string& text) {
  return fmt::format("CASE WHEN strlen({0}) <= {1} THEN 0 ELSE length({0}) + length(regexp_replace({0}, '[^\\x{{10000}}-\\x{{10FFFF}}]', '', 'g')) END",
                     text, kMostLetters);
}

std::string escaped(const std::string& text) {
  return fmt::format("replace(replace(replace(replace({}, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), chr(13), '&#13;')", text);
}

// An empty cell tells its type too, which a reader takes from the first row.
std::string cell(const Column& column) {
  const std::string name = duck::quote_name(column.name);
  const auto full = [](std::string_view attributes, const std::string& number) {
    return fmt::format("coalesce('<c{0}><v>' || {1} || '</v></c>', '<c{0}/>')", attributes, number);
  };
  if (column.type.id == TypeId::boolean) return full(" t=\"b\"", fmt::format("CASE {} WHEN true THEN '1' WHEN false THEN '0' END", name));
  if (is_number(column.type)) return full("", duck::text_sql(name, column.type));
  if (column.type.id == TypeId::date) {
    return full(fmt::format(" s=\"{}\"", kDateStyle), fmt::format("CAST({} - DATE '1899-12-30' AS VARCHAR)", name));
  }
  if (column.type.id == TypeId::timestamp) {
    return full(fmt::format(" s=\"{}\"", kTimeStyle),
                fmt::format("CAST(CAST(epoch_ms({}) + 2209161600000 AS DOUBLE) / CAST(86400000 AS DOUBLE) AS VARCHAR)", name));
  }
  return fmt::format("coalesce('<c t=\"inlineStr\"><is><t xml:space=\"preserve\">' || {} || '</t></is></c>', '<c t=\"str\"/>')", escaped(name));
}

std::string line(const Schema& columns) {
  std::vector<std::string> cells;
  for (const Column& column : columns.columns) cells.push_back(cell(column));
  return fmt::format("concat('<row>', {}, '</row>')", fmt::join(cells, ", "));  // flat, however many there are
}

// What the lines take at most, as an aggregate: an escaped letter has five bytes.
std::string bound(const Schema& columns) {
  std::string texts = "''";
  for (const Column& column : columns.columns) {
    if (!is_plain(column.type)) texts += ", " + duck::quote_name(column.name);
  }
  return fmt::format("sum({} + 5 * strlen(concat({})))", 20 + 75 * columns.columns.size(), texts);
}

[[noreturn]] void refuse_sheet(const std::string& what) { throw Error(ErrorKind::bad_data, what); }

// Of the largest part.
uint64_t most(duck::Connection& connection, const std::string& aggregate, const std::string& select,
              const std::vector<std::string>& partition_by) {
  std::vector<std::string> names;
  for (const std::string& name : partition_by) names.push_back(duck::quote_name(name));
  const std::string groups = names.empty() ? "" : fmt::format(" GROUP BY {}", fmt::join(names, ", "));
  const std::string sql = fmt::format("SELECT CAST(coalesce(max(n), 0) AS UBIGINT) FROM (SELECT {} AS n FROM ({}){})", aggregate, select, groups);
  return std::stoull(connection.query(sql).at(0).at(0).value());
}

Schema without(const Schema& columns, const std::vector<std::string>& names) {
  Schema others;
  for (const Column& column : columns.columns) {
    if (std::ranges::find(names, column.name) == names.end()) others.columns.push_back(column);
  }
  return others;
}

void check_texts(duck::Connection& connection, const std::string& select, const Schema& columns) {
  std::vector<std::string> faults;
  for (const Column& column : columns.columns) {
    const std::string name = is_plain(column.type) ? "''" : duck::quote_name(column.name);
    faults.push_back(fmt::format("coalesce(max({}), 0) > {}, coalesce(bool_or(regexp_matches({}, {})), false)", letters(name), kMostLetters, name,
                                 duck::quote_text(kNoCell)));
  }
  const auto found = connection.query(fmt::format("SELECT {} FROM ({})", fmt::join(faults, ", "), select)).at(0);
  for (size_t i = 0; i < columns.columns.size(); ++i) {
    const Column& column = columns.columns[i];
    if (found.at(2 * i) == "true") {
      refuse_sheet(fmt::format("column {}: a text has more than the {} characters of an Excel cell; leave the column out with "
                               "--sql-exclude-columns, or write csv or parquet",
                               column.name, kMostLetters));
    }
    if (found.at(2 * i + 1) == "true") {
      refuse_sheet(fmt::format("column {}: a text has a control character, or the like of _x0041_ which Excel takes for a character, and no "
                               "cell holds that; leave the column out with --sql-exclude-columns, or write csv or parquet",
                               column.name));
    }
  }
}

}  // namespace

Relation fit_for_sheet(duck::Connection& connection, Relation rows, const std::vector<std::string>& partition_by) {
  const Schema written = without(rows.schema, partition_by);
  if (written.columns.size() > kMostColumns) {
    refuse_sheet(fmt::format("{} columns are more than the {} of an Excel sheet; leave some out with --sql-exclude-columns",
                             written.columns.size(), kMostColumns));
  }
  for (const Column& column : written.columns) {
    if (std::ranges::any_of(column.name, [](char c) { return static_cast<uint8_t>(c) < ' '; })) {
      refuse_sheet("the name of a column has a control character, which no cell holds; give it another one with --columns");
    }
  }
  if (const uint64_t count = most(connection, "count(*)", rows.select, partition_by); count > kMostRows) {
    refuse_sheet(fmt::format("{} rows are more than the {} of an Excel sheet below its first; part them by --partition-by into a directory, "
                             "or write csv or parquet",
                             count, kMostRows));
  }
  std::vector<std::string> misfits;
  for (const Column& column : rows.schema.columns) {
    const bool is_written = written.find(column.name).has_value() && is_plain(column.type);
    misfits.push_back(fmt::format("coalesce(bool_or({}), false)", is_written ? misfit(duck::quote_name(column.name), column.type) : "false"));
  }
  const auto found = connection.query(fmt::format("SELECT {} FROM ({})", fmt::join(misfits, ", "), rows.select)).at(0);
  std::vector<std::string> values;
  for (size_t i = 0; i < rows.schema.columns.size(); ++i) {
    Column& column = rows.schema.columns[i];
    values.push_back(duck::quote_name(column.name));
    if (!written.find(column.name) || (is_plain(column.type) && found.at(i) != "true")) continue;
    values.back() = fmt::format("{} AS {}", text_of(values.back(), column.type), values.back());
    column.type = TypeId::varchar;
  }
  rows.select = fmt::format("SELECT {} FROM ({})", fmt::join(values, ", "), rows.select);
  const Schema fitted = without(rows.schema, partition_by);
  check_texts(connection, rows.select, fitted);
  if (most(connection, bound(fitted), rows.select, partition_by) > kMostBytes &&
      most(connection, fmt::format("sum(strlen({}))", line(fitted)), rows.select, partition_by) > kMostBytes) {
    refuse_sheet("the rows are more than the 4 GB of an Excel sheet; part them by --partition-by into a directory, or write csv or parquet");
  }
  return rows;
}

std::string sheet_lines(const Schema& columns) { return line(columns) + " AS _ingestr_line"; }

std::string sheet_head(const Schema& columns) {
  std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
                     "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>\n<row>";
  for (const Column& column : columns.columns) {
    head += fmt::format("<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>", xml_encoded(column.name));
  }
  return fmt::format("PREFIX {}", duck::quote_text(head + "</row>\n"));
}

}  // namespace ingestr::file_output
