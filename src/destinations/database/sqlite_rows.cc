#include "destinations/database/sqlite_rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "base/interrupt.h"
#include "base/text.h"
#include "data/doubled_key.h"
#include "data/stream.h"
#include "database/sqlite_types.h"
#include "duck/text.h"

namespace ingestr::database {
namespace {

constexpr size_t kShownValueBytes = 100;

std::string_view text_of(const ArrowArrayView* column, int64_t row) {
  const ArrowStringView text = ArrowArrayViewGetStringUnsafe(column, row);
  return {text.data, static_cast<size_t>(text.size_bytes)};
}

bool has_common_date(std::string_view text) { return text.size() >= 10 && text[4] == '-' && text[7] == '-' && text.find('(') == std::string_view::npos; }

// One after the other into a statement.
class RowBinder final : public BatchSink {
 public:
  RowBinder(const std::vector<SqliteColumn>& columns, SqliteClient& client, const std::string& insert, std::stop_token stop)
      : columns_(columns), statement_(client, statement_of(insert, columns)), stop_(std::move(stop)) {
    for (const SqliteColumn& column : columns) {
      kinds_.push_back(sqlite_value_type(column.type).id);
      checks_numbers_.push_back(affinity_of(column.declared) == SqliteAffinity::number);
    }
  }

  void push(Batch batch) override;
  uint64_t rows() const { return rows_; }

 private:
  static std::string statement_of(const std::string& insert, const std::vector<SqliteColumn>& columns) {
    std::vector<std::string> names;
    for (const SqliteColumn& column : columns) names.push_back(duck::quote_name(column.to));
    const std::vector<std::string> places(columns.size(), "?");
    return fmt::format("{} ({}) VALUES ({})", insert, fmt::join(names, ", "), fmt::join(places, ", "));
  }
  void bind(size_t column, const ArrowArrayView* values, int64_t row);
  void bind_text(size_t column, std::string_view text);
  void run(const ArrowArrayView* rows, int64_t row);
  std::string shown(size_t column, const ArrowArrayView* values, int64_t row) const;
  [[noreturn]] void refuse(size_t column, std::string_view what) const;

  const std::vector<SqliteColumn>& columns_;
  SqliteStatement statement_;
  std::stop_token stop_;
  std::vector<TypeId> kinds_;
  std::vector<bool> checks_numbers_;
  uint64_t rows_ = 0;
};

void RowBinder::refuse(size_t column, std::string_view what) const {
  throw Error(ErrorKind::bad_data,
              fmt::format("column {}: {}; leave the column out with --sql-exclude-columns, or give it another type, as in --columns {}:text",
                          columns_[column].to, what, columns_[column].to));
}

void RowBinder::bind_text(size_t column, std::string_view text) {
  const TypeId type = columns_[column].type.id;
  if ((type == TypeId::date || type == TypeId::timestamp || type == TypeId::timestamp_tz) && !has_common_date(text)) {
    refuse(column, fmt::format("SQLite has dates from the year 1 to 9999, and so not {}", shorten(text, kShownValueBytes)));
  }
  if (checks_numbers_[column] && looks_like_number(text)) {
    refuse(column, fmt::format("in a column that is declared {} SQLite makes a number of the text {}, and loses how it is written",
                               columns_[column].declared, shorten(text, kShownValueBytes)));
  }
  statement_.bind_text(static_cast<int>(column), text);
}

void RowBinder::bind(size_t column, const ArrowArrayView* values, int64_t row) {
  const int parameter = static_cast<int>(column);
  if (ArrowArrayViewIsNull(values, row) != 0) return statement_.bind_null(parameter);
  switch (kinds_[column]) {
    case TypeId::boolean:
    case TypeId::bigint:
      return statement_.bind(parameter, static_cast<int64_t>(ArrowArrayViewGetIntUnsafe(values, row)));
    case TypeId::double_: {
      const double value = ArrowArrayViewGetDoubleUnsafe(values, row);
      if (std::isnan(value)) refuse(column, "SQLite has no NaN and would keep NULL");
      return statement_.bind(parameter, value);
    }
    case TypeId::blob:
      return statement_.bind_blob(parameter, text_of(values, row));
    default:
      return bind_text(column, text_of(values, row));
  }
}

std::string RowBinder::shown(size_t column, const ArrowArrayView* values, int64_t row) const {
  if (ArrowArrayViewIsNull(values, row) != 0) return "NULL";
  if (kinds_[column] == TypeId::varchar) return shorten(text_of(values, row), kShownValueBytes);
  if (kinds_[column] == TypeId::double_) return fmt::format("{}", ArrowArrayViewGetDoubleUnsafe(values, row));
  if (kinds_[column] == TypeId::blob) return "(bytes)";
  return std::to_string(ArrowArrayViewGetIntUnsafe(values, row));
}

void RowBinder::run(const ArrowArrayView* rows, int64_t row) {
  try {
    statement_.run();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::constraint) throw;
    std::vector<std::string> values;
    const std::vector<std::string> key = columns_of_broken_key(error.what());
    for (const std::string& name : key) {
      const auto found = std::ranges::find_if(columns_, [&](const SqliteColumn& column) { return equal_ignoring_case(column.to, name); });
      if (found == columns_.end()) throw;
      const auto at = static_cast<size_t>(found - columns_.begin());
      values.push_back(shown(at, rows->children[at], row));
    }
    if (key.empty()) throw;
    throw key_is_there(fmt::format("{}: {}", fmt::join(key, ", "), fmt::join(values, ", ")));
  }
}

void RowBinder::push(Batch batch) {
  throw_if_stopped(stop_);
  const nanoarrow::UniqueSchema schema = arrow_schema(batch.schema());
  nanoarrow::UniqueArrayView view;
  ArrowError fault;
  if (ArrowArrayViewInitFromSchema(view.get(), schema.get(), &fault) != NANOARROW_OK ||
      ArrowArrayViewSetArray(view.get(), batch.array(), &fault) != NANOARROW_OK) {
    throw Error(ErrorKind::internal, fmt::format("rows that cannot be read: {}", fault.message));
  }
  for (int64_t row = 0; row < batch.rows(); ++row) {
    for (size_t column = 0; column < columns_.size(); ++column) bind(column, view->children[column], row);
    run(view.get(), row);
    ++rows_;
  }
}

}  // namespace

uint64_t rows_to_sqlite(duck::Connection& engine, const std::string& from, const std::vector<SqliteColumn>& columns, SqliteClient& client,
                        const std::string& insert, const std::stop_token& stop) {
  std::vector<std::string> values;
  Schema schema;
  for (const SqliteColumn& column : columns) {
    const std::string name = duck::quote_name(column.from);
    values.push_back(fmt::format("{} AS {}", sqlite_value(name, column.type), name));
    schema.columns.push_back({column.from, sqlite_value_type(column.type), false});
  }
  RowBinder rows(columns, client, insert, stop);
  engine.read(fmt::format("SELECT {} FROM {}", fmt::join(values, ", "), from), schema, rows);
  return rows.rows();
}

}  // namespace ingestr::database
