#include "sources/files/typed_table.h"

#include <fmt/format.h>

#include "base/error.h"
#include "duck/carried.h"
#include "duck/database.h"
#include "duck/row_width.h"
#include "duck/text.h"
#include "engine/interval.h"
#include "sources/files/requested.h"

namespace ingestr::files {

TypedTable::TypedTable(std::string name, File file, Reader reader, std::stop_token stop)
    : file_(std::move(file)), reader_(std::move(reader)), stop_(std::move(stop)) {
  spec_.name = std::move(name);
}

duck::Connection TypedTable::connect() const {
  const duck::Database engine;
  duck::Connection connection = engine.connect(stop_);
  if (reader_.extension) duck::load(connection, *reader_.extension);
  return connection;
}

void TypedTable::prepare(const ReadRequest& request) {
  within(file_.path.string(), [&] {
    duck::Connection connection = connect();
    for (const duck::CarriedColumn& column : duck::carried_columns(connection, "FROM " + reader_.relation)) {
      spec_.schema.columns.push_back({column.name, column.type});
      columns_ += fmt::format("{}{} AS {}", columns_.empty() ? "" : ", ", column.sql, duck::quote_name(column.name));
    }
    row_bytes_ = duck::row_width(connection, select({}));
  });
  interval_column(spec_, request);
}

std::string TypedTable::select(const ReadRequest& request) const {
  return requested(fmt::format("SELECT {} FROM {}", columns_, reader_.relation), spec_, request);
}

std::optional<Relation> TypedTable::relation(const ReadRequest& request) {
  Relation relation{.select = select(request), .schema = spec_.schema, .row_bytes = row_bytes_};
  if (reader_.extension) relation.before.push_back(duck::load_sql(*reader_.extension));
  return relation;
}

void TypedTable::read(const ReadRequest& request, BatchSink& rows) {
  if (columns_.empty()) prepare(request);
  connect().read(select(request), spec_.schema, rows);
}

}  // namespace ingestr::files
