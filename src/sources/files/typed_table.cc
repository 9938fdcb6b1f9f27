#include "sources/files/typed_table.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "duck/carried.h"
#include "duck/database.h"
#include "duck/row_width.h"
#include "duck/text.h"
#include "engine/interval.h"
#include "sources/files/partition_names.h"
#include "sources/files/requested.h"
#include "sources/files/united.h"

namespace ingestr::files {
namespace {

// Files one after the other that have the same columns, of the same types as the engine has them: read together, it casts each file's
// to those of the first one, and so drops fields of structs and rounds numbers in them.
struct Run {
  Files files;
  std::vector<std::string> partitions;
  std::vector<duck::CarriedColumn> columns;

  bool goes_on_with(const Run& next) const { return partitions == next.partitions && columns == next.columns; }
};

Run run_of(duck::Connection& connection, const Reader& reader, const Files& file) {
  Run run{file, {}, {}};
  run.columns = duck::carried_columns(connection, "FROM " + reader.relation(connection, file, {}));
  if (!file.is_pattern || !reader.takes_many) return run;
  for (std::string& name : partition_names(file.paths.front())) {
    const bool is_there = std::ranges::any_of(
        run.columns, [&](const duck::CarriedColumn& column) { return equal_ignoring_case(column.name, name); });
    if (!is_there) run.partitions.push_back(std::move(name));
  }
  for (const std::string& name : run.partitions) {
    run.columns.push_back({name, partition_value(name), TypeId::varchar});
  }
  return run;
}

std::vector<Run> runs_of(duck::Connection& connection, const Reader& reader, const Files& files) {
  std::vector<Run> runs;
  for (const std::string& path : files.paths) {
    Run run = of_file(files.called(path), [&] { return run_of(connection, reader, files.only({path})); });
    if (reader.takes_many && !runs.empty() && runs.back().goes_on_with(run)) {
      runs.back().files.paths.push_back(path);
    } else {
      runs.push_back(std::move(run));
    }
  }
  return runs;
}

Part part_of(duck::Connection& connection, const Run& run, const Reader& reader, const std::stop_token& stop) {
  if (reader.look) reader.look(connection, run.files.is_local ? run.files : run.files.only({run.files.paths.front()}), stop);
  Part part{reader.relation(connection, run.files, run.partitions), {}, {}};
  for (const duck::CarriedColumn& column : run.columns) {
    part.columns.columns.push_back({column.name, column.type});
    part.values.push_back(column.sql);
  }
  return part;
}

}  // namespace

TypedTable::TypedTable(std::string name, FindFiles find, Reader reader, std::stop_token stop)
    : find_(std::move(find)), reader_(std::move(reader)), stop_(std::move(stop)) {
  spec_.name = std::move(name);
}

void TypedTable::prepare(const ReadRequest& request) {
  files_ = find_();
  if (reader_.extension) files_.extensions.push_back(*reader_.extension);
  const duck::Database engine;
  duck::Connection connection = connect(engine);
  std::vector<Part> parts;
  for (const Run& run : runs_of(connection, reader_, files_)) parts.push_back(part_of(connection, run, reader_, stop_));
  United united = unite(parts);
  spec_.schema = std::move(united.schema);
  select_ = std::move(united.select);
  row_bytes_ = duck::row_width(connection, select_);
  interval_column(spec_, request);
}

duck::Connection TypedTable::connect(const duck::Database& engine) const {
  duck::Connection connection = files_.connect(engine, stop_);
  for (const duck::TextFunction& function : reader_.functions) duck::register_function(connection, function);
  return connection;
}

std::string TypedTable::select(const ReadRequest& request) const { return requested(select_, spec_, request); }

std::optional<Relation> TypedTable::relation(const ReadRequest& request) {
  return Relation{.before = files_.before(), .functions = reader_.functions, .select = select(request), .schema = spec_.schema, .row_bytes = row_bytes_};
}

void TypedTable::read(const ReadRequest& request, BatchSink& rows) {
  if (select_.empty()) prepare(request);
  const duck::Database engine;
  connect(engine).read(select(request), spec_.schema, rows);
}

}  // namespace ingestr::files
