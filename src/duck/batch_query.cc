#include "duck/batch_query.h"

#include <duckdb.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "data/batch_builder.h"
#include "duck/results.h"
#include "duck/table_appender.h"
#include "duck/text.h"
#include "duck/vectors.h"

namespace ingestr::duck {
namespace {

Database::Settings settings() {
  return {{"threads", "1"}, {"temp_directory", ""}, {"preserve_insertion_order", "true"}};
}

std::string table_type(const Column& column) {
  if (column.inferred) return "JSON";
  return column.type.id == TypeId::null ? "VARCHAR" : to_string(column.type);
}

std::string create_table(const Schema& schema) {
  std::vector<std::string> columns;
  for (const Column& column : schema.columns) {
    columns.push_back(fmt::format("{} {}", quote_name(column.name), table_type(column)));
  }
  return fmt::format("CREATE OR REPLACE TABLE {} ({})", BatchQuery::kRows, fmt::join(columns, ", "));
}

// The select with columns as they travel: what has no plain form in DuckDB's vectors is text.
std::string travelling(const std::string& select, const Schema& result) {
  std::vector<std::string> names, values;
  for (size_t i = 0; i < result.columns.size(); ++i) {
    const TypeId type = result.columns[i].type.id;
    const bool as_text = !result.columns[i].inferred && (type == TypeId::uuid || type == TypeId::decimal);
    names.push_back(fmt::format("r{}", i));
    values.push_back(as_text ? fmt::format("CAST(r{} AS VARCHAR)", i) : names.back());
  }
  return fmt::format("SELECT {} FROM ({}) AS result({})", fmt::join(values, ", "), select, fmt::join(names, ", "));
}

template <class T>
const T& at(duckdb_vector vector, idx_t row) {
  return static_cast<const T*>(duckdb_vector_get_data(vector))[row];
}

std::string_view text_at(duckdb_vector vector, idx_t row) { return Texts(vector).at(row); }

bool is_null(duckdb_vector vector, idx_t row) {
  return !duckdb_validity_row_is_valid(duckdb_vector_get_validity(vector), row);
}

std::vector<std::optional<std::string>> texts_at(duckdb_vector vector, idx_t row) {
  const auto& entry = at<duckdb_list_entry>(vector, row);
  duckdb_vector elements = duckdb_list_vector_get_child(vector);
  std::vector<std::optional<std::string>> texts;
  for (idx_t i = entry.offset; i < entry.offset + entry.length; ++i) {
    texts.push_back(is_null(elements, i) ? std::nullopt : std::optional<std::string>(text_at(elements, i)));
  }
  return texts;
}

void copy(BatchBuilder& builder, size_t column, duckdb_vector vector, idx_t row) {
  if (is_null(vector, row)) return;
  const Column& target = builder.schema().columns[column];
  if (target.inferred) return builder.set_text(column, text_at(vector, row));
  switch (target.type.id) {
    case TypeId::null:
    case TypeId::varchar:
    case TypeId::uuid:
    case TypeId::json:
      return builder.set_text(column, text_at(vector, row));
    case TypeId::blob:
      return builder.set_bytes(column, text_at(vector, row));
    case TypeId::boolean:
      return builder.set_boolean(column, at<bool>(vector, row));
    case TypeId::smallint:
      return builder.set_integer(column, at<int16_t>(vector, row));
    case TypeId::integer:
    case TypeId::date:
      return builder.set_integer(column, at<int32_t>(vector, row));
    case TypeId::bigint:
    case TypeId::time:
    case TypeId::timestamp:
    case TypeId::timestamp_tz:
      return builder.set_integer(column, at<int64_t>(vector, row));
    case TypeId::real:
      return builder.set_double(column, static_cast<double>(at<float>(vector, row)));
    case TypeId::double_:
      return builder.set_double(column, at<double>(vector, row));
    case TypeId::decimal:
      if (builder.set_decimal(column, text_at(vector, row))) return;
      throw Error(ErrorKind::internal, "a decimal does not fit its own type");
    case TypeId::interval: {
      const auto& interval = at<duckdb_interval>(vector, row);
      return builder.set_interval(column, interval.months, interval.days, interval.micros);
    }
    case TypeId::list:
      return builder.set_texts(column, texts_at(vector, row));
  }
}

}  // namespace

BatchQuery::BatchQuery(std::stop_token stop)
    : engine_(settings()), connection_(engine_.connect(std::move(stop))) {}

void BatchQuery::know(const std::vector<TextFunction>& functions) {
  for (; known_functions_ < functions.size(); ++known_functions_) {
    register_function(connection_, functions[known_functions_]);
  }
}

Batch BatchQuery::run(Batch batch, const std::string& select, const Schema& result) {
  connection_.execute(create_table(batch.schema()));
  {
    TableAppender rows(connection_, "memory", "main", std::string(kRows), batch.schema());
    rows.append(batch, 0, batch.rows(), batch.bytes());
    rows.flush();
  }
  BatchBuilder builder(result);
  Result chunks(connection_.get(), travelling(select, result));
  while (const Chunk chunk{duckdb_fetch_chunk(chunks.get())}) {
    const idx_t count = duckdb_data_chunk_get_size(chunk.get());
    for (idx_t row = 0; row < count; ++row) {
      for (size_t column = 0; column < result.columns.size(); ++column) {
        copy(builder, column, duckdb_data_chunk_get_vector(chunk.get(), column), row);
      }
      builder.end_row();
    }
  }
  return builder.take();
}

}  // namespace ingestr::duck
