#include "app/preview.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cell_text.h"
#include "app/json_line.h"
#include "app/text_table.h"
#include "duck/database.h"
#include "duck/table_appender.h"
#include "duck/text_values.h"

namespace ingestr {
namespace {

constexpr size_t kCellColumns = 40;

// Columns are called by their position: what the source calls them may differ in nothing but case.
std::string column_name(size_t position) {
  return fmt::format("c{}", position);
}

std::string column_type(const Column& column) {
  if (column.inferred) return "JSON";
  return column.type.id == TypeId::null ? "VARCHAR" : to_string(column.type);
}

// SQL for a cell as text.
std::string cell_sql(size_t position, const Column& column, PreviewForm form) {
  const std::string cell = column.inferred ? fmt::format("CAST({} AS VARCHAR)", column_name(position))
                                           : duck::text_sql(column_name(position), column.type);
  if (form == PreviewForm::json) {
    return column.type.id == TypeId::list && !column.inferred
               ? duck::to_json_sql(column_name(position), column.type)
               : cell;
  }
  // The JSON text of each value: a string is shown without its quotes.
  if (!column.inferred || column.type.id == TypeId::json) return cell;
  return fmt::format(
      "CASE WHEN {0} = 'null' THEN NULL WHEN starts_with({0}, '\"') AND json_valid({0}) THEN "
      "json_extract_string({0}, '$') ELSE {0} END",
      cell);
}

std::string json_cell(const Column& column, const std::string& text) {
  const bool is_json = column.inferred || column.type.id == TypeId::json ||
                       column.type.id == TypeId::list || column.type.id == TypeId::boolean;
  // JSON has no infinity.
  const bool is_finite = text.find_first_of("0123456789") != std::string::npos;
  return is_json || (is_number(column.type) && is_finite) ? text : json_string(text);
}

// Keeps batches in a table of an engine in memory.
class RowStore final : public BatchSink {
 public:
  RowStore(Schema schema, std::stop_token stop)
      : schema_(std::move(schema)), connection_(engine_.connect(std::move(stop))) {
    if (!schema_.columns.empty()) make();
  }

  void push(Batch batch) override {
    const size_t known = schema_.columns.size();
    schema_ = batch.schema();
    if (known == 0) {
      make();
    } else {
      for (size_t i = known; i < schema_.columns.size(); ++i) connection_.execute(fmt::format("ALTER TABLE rows ADD COLUMN {}", definition(i)));
    }
    duck::Transaction transaction(connection_);
    duck::TableAppender rows(connection_, "memory", "main", "rows", schema_);
    rows.append(batch, 0, batch.rows(), batch.bytes());
    rows.flush();
    transaction.commit();
  }

  Preview read(PreviewForm form) {
    if (schema_.columns.empty()) return {};  // an empty file
    std::vector<std::string> cells;
    for (size_t i = 0; i < schema_.columns.size(); ++i) {
      cells.push_back(
          fmt::format("{} AS {}", cell_sql(i, schema_.columns[i], form), column_name(i)));
    }
    return {schema_,
            connection_.query(fmt::format("SELECT {} FROM rows", fmt::join(cells, ", ")))};
  }

 private:
  // The engine has no table without a column.
  void make() {
    std::vector<std::string> columns;
    for (size_t i = 0; i < schema_.columns.size(); ++i) columns.push_back(definition(i));
    connection_.execute(fmt::format("CREATE TABLE rows ({})", fmt::join(columns, ", ")));
  }
  std::string definition(size_t position) const {
    return column_name(position) + " " + column_type(schema_.columns[position]);
  }

  Schema schema_;
  duck::Database engine_;
  duck::Connection connection_;
};

}  // namespace

Preview read_preview(Table& table, uint64_t limit, PreviewForm form, const Context& context) {
  const ReadRequest request{.limit = limit};
  table.prepare(request);
  RowStore rows(table.spec().schema, context.stop);
  table.read(request, rows);
  return rows.read(form);
}

std::string preview_text(const Preview& preview, const Secrets& secrets) {
  const auto shown = [&](const std::string& text) {
    return cut_to_width(visible(secrets.redact(text)), kCellColumns);
  };
  std::vector<TextColumn> columns;
  for (const Column& column : preview.schema.columns) {
    columns.push_back({shown(column.name), is_number(column.type)});
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : preview.rows) {
    auto& cells = rows.emplace_back();
    for (const auto& cell : row) cells.push_back(cell ? shown(*cell) : "NULL");
  }
  return text_table(columns, rows) +
         fmt::format("\n{} {}\n", rows.size(), rows.size() == 1 ? "row" : "rows");
}

std::string preview_json(const Preview& preview, const Secrets& secrets) {
  std::string text;
  for (const auto& row : preview.rows) {
    JsonLine line;
    for (size_t i = 0; i < row.size(); ++i) {
      const Column& column = preview.schema.columns[i];
      const std::string name = secrets.redact(column.name);
      if (row[i]) {
        const std::string shown = secrets.redact(*row[i]);
        line.add_json(name, shown == *row[i] ? json_cell(column, shown) : json_string(shown));
      } else {
        line.add_null(name);
      }
    }
    text += (text.empty() ? "\n" : ",\n") + line.text();
  }
  return "[" + text + "\n]\n";
}

}  // namespace ingestr
