#include "destinations/database/mysql_bulk.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "base/text.h"
#include "data/type_kind.h"
#include "duck/text_rows.h"
#include "duck/text_values.h"

namespace ingestr::database {
namespace {

constexpr size_t kWatchRows = 4096;
constexpr size_t kPacketBytes = 4'000'000;  // of an INSERT, if the server takes as much

bool is_day(const Type& type) { return type.id == TypeId::date || type.id == TypeId::timestamp || type.id == TypeId::timestamp_tz; }

// Of years that MySQL has: 2026-11-24 and what follows, but for "0044-03-15 (BC)".
bool is_mysql_day(std::string_view text) { return text.size() >= 10 && text[4] == '-' && text.back() != ')' && !text.starts_with("0000"); }
bool is_finite(std::string_view text) { return text.back() >= '0' && text.back() <= '9'; }

// The rows of one call, one after the other.
class Reader {
 public:
  Reader(duck::Connection& connection, const CarriedRows& rows, const duck::Connection::Watch& watch)
      : rows_(rows), watch_(watch), texts_(connection, rows.select) {}

  bool next() {
    if (count_ % kWatchRows == 0) watch_(std::nullopt);
    if (!texts_.next()) return false;
    ++count_;
    return true;
  }

  std::optional<std::string_view> at(size_t column) const {
    const auto text = texts_.at(column);
    const Type& type = rows_.columns[column].type;
    if (text && is_day(type) && !is_mysql_day(*text)) refuse(column, *text, "dates from 0001-01-01 to 9999-12-31");
    if (text && is_float(type) && !is_finite(*text)) refuse(column, *text, "finite numbers");
    return text;
  }

  uint64_t count() const { return count_; }
  uint64_t row() const { return rows_.earlier + count_; }
  const CarriedRows& rows() const { return rows_; }

 private:
  [[noreturn]] void refuse(size_t column, std::string_view text, std::string_view what) const {
    throw Error(ErrorKind::bad_data,
                fmt::format("row {}, column {}: MySQL has {}, and not {}; leave the column out with --sql-exclude-columns, or give it "
                            "another type, as in --columns {}:text",
                            row(), rows_.columns[column].name, what, text, rows_.columns[column].name));
  }

  const CarriedRows& rows_;
  const duck::Connection::Watch& watch_;
  duck::TextRows texts_;
  uint64_t count_ = 0;
};

// As LOAD DATA reads a field: what has a meaning there gets a backslash.
void append_field(std::string& out, std::string_view text) {
  constexpr std::string_view kSpecial("\t\n\\\0", 4);
  for (;;) {
    const size_t at = text.find_first_of(kSpecial);
    out.append(text.substr(0, at));
    if (at == std::string_view::npos) return;
    const char c = text[at];
    out += '\\';
    out += c == '\t' ? 't' : c == '\n' ? 'n' : c == '\0' ? '0' : '\\';
    text.remove_prefix(at + 1);
  }
}

void append_line(std::string& out, const Reader& reader) {
  for (size_t column = 0; column < reader.rows().columns.size(); ++column) {
    if (column > 0) out += '\t';
    const auto text = reader.at(column);
    if (text) append_field(out, *text);
    else out += "\\N";
  }
  out += '\n';
}

void append_literal(std::string& out, std::string_view text, const Type& type) {
  if (type.id == TypeId::blob) out += 'X';
  out += '\'';
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  out += '\'';
}

void append_values(std::string& out, const Reader& reader) {
  for (size_t column = 0; column < reader.rows().columns.size(); ++column) {
    out += column == 0 ? '(' : ',';
    const auto text = reader.at(column);
    if (text) append_literal(out, *text, reader.rows().columns[column].type);
    else out += "NULL";
  }
  out += ')';
}

std::string table_of(const CarriedRows& rows) {
  return quote_mysql_name(rows.table.schema) + "." + quote_mysql_name(rows.table.table);
}

std::string load_sql(const CarriedRows& rows) {
  std::vector<std::string> fields, set;
  for (size_t i = 0; i < rows.columns.size(); ++i) {
    const std::string name = quote_mysql_name(rows.columns[i].name);
    const bool is_hex = rows.columns[i].type.id == TypeId::blob;
    fields.push_back(is_hex ? fmt::format("@c{}", i) : name);
    if (is_hex) set.push_back(fmt::format("{} = UNHEX(@c{})", name, i));
  }
  return fmt::format("LOAD DATA LOCAL INFILE 'rows' INTO TABLE {} CHARACTER SET utf8mb4 FIELDS TERMINATED BY X'09' ESCAPED BY '\\' "
                     "LINES TERMINATED BY X'0A' ({}){}{}",
                     table_of(rows), fmt::join(fields, ", "), set.empty() ? "" : " SET ", fmt::join(set, ", "));
}

void require_no_complaint(MysqlClient& client) {
  if (const auto words = client.complaint()) throw Error(ErrorKind::bad_data, client.said(*words));
}

uint64_t load(MysqlClient& client, Reader& reader) {
  std::string lines;
  size_t taken = 0;
  const uint64_t landed = client.load(load_sql(reader.rows()), [&](char* bytes, size_t size) {
    if (taken == lines.size()) {
      lines.clear();
      taken = 0;
      while (lines.size() < size && reader.next()) append_line(lines, reader);
    }
    const size_t part = std::min(size, lines.size() - taken);
    std::memcpy(bytes, lines.data() + taken, part);
    taken += part;
    return part;
  });
  require_no_complaint(client);
  return landed;
}

// The server would hang up.
[[noreturn]] void refuse_row(const MysqlClient& client, const Reader& reader, size_t bytes, size_t packet) {
  throw Error(ErrorKind::unsupported,
              client.said(fmt::format("row {} takes {}, and the server one packet of at most {}; raise max_allowed_packet there, or set local_infile on",
                                      reader.row(), human_bytes(bytes), human_bytes(packet))));
}

uint64_t insert(MysqlClient& client, Reader& reader) {
  const size_t packet = client.number("SELECT @@max_allowed_packet");
  const size_t most = std::min<size_t>(kPacketBytes, packet / 2);
  std::vector<std::string> names;
  for (const Column& column : reader.rows().columns) names.push_back(quote_mysql_name(column.name));
  const std::string head = fmt::format("INSERT INTO {} ({}) VALUES ", table_of(reader.rows()), fmt::join(names, ", "));
  std::string sql = head;
  uint64_t landed = 0;
  const auto send = [&] {
    client.execute(sql);
    landed += client.changed();
    require_no_complaint(client);
    sql = head;
  };
  std::string row;
  while (reader.next()) {
    row.clear();
    append_values(row, reader);
    if (sql.size() > head.size() && sql.size() + row.size() >= most) send();
    if (head.size() + row.size() >= packet) refuse_row(client, reader, row.size(), packet);
    if (sql.size() > head.size()) sql += ',';
    sql += row;
  }
  if (sql.size() > head.size()) send();
  return landed;
}

}  // namespace

// A FLOAT's text is that of the same number in double precision: the server reads numbers as such, and would round twice.
std::string mysql_carried(const std::string& value, const Type& type) {
  const auto text = [](const std::string& sql) { return fmt::format("CAST({} AS VARCHAR)", sql); };
  switch (type.id) {
    case TypeId::boolean:
      return text(fmt::format("CAST({} AS TINYINT)", value));
    case TypeId::real:
      return text(fmt::format("CAST({} AS DOUBLE)", value));
    case TypeId::blob:
      return fmt::format("hex({})", value);
    case TypeId::timestamp_tz:
      return text(fmt::format("CAST({} AS TIMESTAMP)", value));
    case TypeId::list:
      return duck::json_list_sql(value, *type.element);
    default:
      return text(value);
  }
}

uint64_t load_into_mysql(MysqlClient& client, bool has_local_infile, duck::Connection& connection, const CarriedRows& rows,
                         const duck::Connection::Watch& watch) {
  try {
    Reader reader(connection, rows, watch);
    Transaction transaction(client);
    const uint64_t landed = has_local_infile ? load(client, reader) : insert(client, reader);
    if (landed != reader.count()) {
      throw Error(ErrorKind::internal, client.said(fmt::format("took {} rows of {}", landed, reader.count())));
    }
    transaction.commit();
    return landed;
  } catch (const Error&) {
    watch(std::nullopt);  // the user may have ended it, whatever it says itself
    throw;
  }
}

}  // namespace ingestr::database
