#include "sources/files/typed_table.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "duck/converted.h"
#include "duck/database.h"
#include "duck/row_width.h"
#include "duck/text.h"
#include "engine/interval.h"
#include "sources/files/partition_names.h"
#include "sources/files/requested.h"
#include "sources/files/unchanged.h"
#include "sources/files/union_by_name.h"
#include "sources/files/unreadable.h"

namespace ingestr::files {
namespace {

// Files one after the other that have the same columns, of the same types as the engine has them: read together, it casts each file's
// to those of the first one, and so drops fields of structs and rounds numbers in them.
struct Run {
  Files files;
  std::string from{};  // what gives the rows of one file without partitions
  std::vector<std::string> partitions{};
  std::vector<duck::ConvertedColumn> columns{};
  std::vector<std::string> written{};  // what the files call the columns; empty: the same

  bool goes_on_with(const Run& next) const { return partitions == next.partitions && columns == next.columns && written == next.written; }
};

// What reading such a file throws, in a sentence that names it.
template <class Work>
decltype(auto) reading(std::string_view name, Work&& work) {
  return of_file(name, [&]() -> decltype(auto) {
    try {
      return std::forward<Work>(work)();
    } catch (const Error& error) {
      throw unreadable(error);
    }
  });
}

// As the engine's name for the second of two columns that differ in case only: Id and id are Id and id_1.
bool has_number(const duck::ConvertedColumn& column) {
  const size_t before = column.name.find_last_not_of("0123456789");
  return before + 1 < column.name.size() && before != std::string::npos && column.name[before] == '_';
}

Run run_of(duck::Connection& connection, const Reader& reader, const Files& file) {
  Run run{file, reader.relation(connection, file, {})};
  run.columns = duck::converted_columns(connection, "FROM " + run.from);
  if (reader.names && std::ranges::any_of(run.columns, has_number)) run.written = reader.names(connection, file);
  if (run.written.size() != run.columns.size()) run.written.clear();
  if (!file.is_pattern || !reader.takes_many) return run;
  for (std::string& name : partition_names(file.paths.front())) {
    const std::string called = partition_column(name);
    const bool is_there = std::ranges::any_of(
        run.columns, [&](const duck::ConvertedColumn& column) { return equal_ignoring_case(column.name, called); });
    if (is_there) continue;
    run.columns.push_back({called, partition_value(name), TypeId::varchar});
    if (!run.written.empty()) run.written.push_back(called);
    run.partitions.push_back(std::move(name));
  }
  return run;
}

std::vector<Run> runs_of(duck::Connection& connection, const Reader& reader, const Files& files) {
  std::vector<Run> runs;
  for (const std::string& path : files.paths) {
    Run run = reading(files.called(path), [&] { return run_of(connection, reader, files.only({path})); });
    if (reader.takes_many && !runs.empty() && runs.back().goes_on_with(run)) {
      runs.back().files.paths.push_back(path);
    } else {
      runs.push_back(std::move(run));
    }
  }
  return runs;
}

Part part_of(duck::Connection& connection, const Run& run, const Reader& reader) {
  const bool is_one = run.files.paths.size() == 1 && run.partitions.empty();
  Part part{is_one ? run.from : reader.relation(connection, run.files, run.partitions), {}, {}, run.written};
  for (const duck::ConvertedColumn& column : run.columns) {
    part.columns.columns.push_back({column.name, column.type});
    part.values.push_back(column.sql);
  }
  return part;
}

// Nothing: the files of one run do not say.
std::optional<uint64_t> look_at(duck::Connection& connection, const std::vector<Run>& runs, const TypedFiles& typed) {
  if (!typed.reader.look) return std::nullopt;
  uint64_t rows = 0;
  bool is_told = true;
  for (const Run& run : runs) {
    const auto told = typed.reader.look(connection, run.files, typed.stop);
    rows += told.value_or(0);
    is_told = is_told && told;
  }
  return is_told ? std::optional(rows) : std::nullopt;
}

// Throws Error(bad_data) naming the first file that gives another number of rows than it says it has.
void check_row_counts(const TypedFiles& typed) {
  const duck::Database engine;
  duck::Connection connection = typed.connect(engine);
  for (const std::string& path : typed.files.paths) {
    const Files file = typed.files.only({path});
    const std::string name = typed.files.called(path);
    reading(name, [&] {
      const auto told = typed.reader.look(connection, file, typed.stop);
      const auto counted = connection.query("SELECT count(*) FROM " + typed.reader.relation(connection, file, {}));
      if (told && std::to_string(*told) != counted.at(0).at(0)) throw cut_short(name);
    });
  }
}

// The engine takes what it cannot read in a block of an Avro file for the end of the file.
class RowCount final : public RowCheck {
 public:
  // `expected`: how many rows must be taken; nothing: nobody knows, so those of the files are counted.
  RowCount(std::optional<uint64_t> expected, const TypedFiles& typed) : expected_(expected), typed_(typed) {}

  void finish(uint64_t rows) override {
    typed_.unchanged.finish();
    if (rows != expected_) check_row_counts(typed_);
  }

 private:
  std::optional<uint64_t> expected_;
  TypedFiles typed_;
};

// Whether it was the source that failed is known once it is read alone, which takes as long as that does.
std::optional<SourceFailure> reading_failure(const TypedFiles& typed, const Error& error) {
  if (!is_of_contents(error)) return std::nullopt;
  try {
    const duck::Database engine;
    duck::Connection connection = typed.connect(engine);
    for (const std::string& path : typed.files.paths) {
      reading(typed.files.called(path), [&] {
        connection.query("SELECT count(hash(COLUMNS(*))) FROM " + typed.reader.relation(connection, typed.files.only({path}), {}));
      });
    }
  } catch (const Error& alone) {
    return SourceFailure(alone.kind(), alone.what());
  }
  return std::nullopt;
}

}  // namespace

duck::Connection TypedFiles::connect(const duck::Database& engine) const {
  duck::Connection connection = files.connect(engine, stop);
  for (const duck::TextFunction& function : reader.functions) duck::register_function(connection, function);
  return connection;
}

TypedTable::TypedTable(std::string name, FindFiles find, Reader reader, std::stop_token stop)
    : find_(std::move(find)), typed_{{}, std::move(reader), std::move(stop)} {
  spec_.name = std::move(name);
}

void TypedTable::prepare(const ReadRequest& request) {
  typed_.files = find_();
  typed_.unchanged = Unchanged(typed_.files);
  if (typed_.reader.extension) typed_.files.extensions.push_back(*typed_.reader.extension);
  const duck::Database engine;
  duck::Connection connection = typed_.connect(engine);
  const std::vector<Run> runs = runs_of(connection, typed_.reader, typed_.files);
  rows_ = look_at(connection, runs, typed_);
  std::vector<Part> parts;
  for (const Run& run : runs) parts.push_back(part_of(connection, run, typed_.reader));
  Union all = union_by_name(parts);
  spec_.schema = std::move(all.schema);
  select_ = std::move(all.select);
  row_bytes_ = duck::row_width(connection, select_);
  interval_column(spec_, request);
}

std::string TypedTable::select(const ReadRequest& request) const { return requested(select_, spec_, request); }

std::optional<Relation> TypedTable::relation(const ReadRequest& request) {
  Relation relation{.before = typed_.files.before(),
                    .functions = typed_.reader.functions,
                    .select = select(request),
                    .schema = spec_.schema,
                    .row_bytes = row_bytes_,
                    .check = row_check(typed_.unchanged),
                    .explain = [typed = typed_](const Error& error) { return reading_failure(typed, error); }};
  if (rows_) {
    // Of an interval nobody knows how many there are.
    const auto expected = request.has_interval() ? std::nullopt : std::optional(std::min(*rows_, request.limit.value_or(*rows_)));
    relation.check = [expected, typed = typed_](duck::Connection&) { return std::make_unique<RowCount>(expected, typed); };
  }
  return relation;
}

void TypedTable::read(const ReadRequest& request, BatchSink& rows) {
  if (select_.empty()) prepare(request);
  if (rows_ && !request.limit) check_row_counts(typed_);
  const duck::Database engine;
  try {
    typed_.connect(engine).read(select(request), spec_.schema, rows);
    typed_.unchanged.check();
  } catch (const Error& error) {
    if (const auto fault = reading_failure(typed_, error)) throw *fault;
    throw;
  }
  typed_.unchanged.finish();
}

}  // namespace ingestr::files
