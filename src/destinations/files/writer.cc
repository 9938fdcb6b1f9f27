#include "destinations/files/writer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <thread>

#include "base/error.h"
#include "base/interrupt.h"
#include "destinations/files/partitions.h"
#include "duck/memory_limit.h"
#include "duck/text.h"

namespace ingestr::file_output {
namespace {

// Of a table whose rows are 100 bytes or 3.4 KB wide; what is above it is spilled.
constexpr const char* kMemory = "200MB";
constexpr int kSampleRows = 2'000;
constexpr uint64_t kFixedBytes = 8;
// Rows that several threads read are collected in batches of so many, as many as its row groups have, a few of which wait for those before them.
constexpr uint64_t kBatchRows = 122'880;
constexpr uint64_t kMostBatchBytes = 50'000'000;
constexpr uint64_t kValueBytes = 16;  // of each, and the bytes of a text
// Of rows that wait in each thread until they are written into the files of their partitions.
constexpr uint64_t kWaitingBytes = 10'000'000;

duck::Database make_engine(const std::filesystem::path& spill, const Environment& environment, Writer::Memory memory) {
  const unsigned threads = memory == Writer::Memory::much ? 1U : std::clamp(std::thread::hardware_concurrency(), 1U, 4U);
  return duck::limited_engine({{"temp_directory", spill.string()},
                               {"preserve_insertion_order", "true"},
                               {"partitioned_write_max_open_files", std::to_string(kPartitionsAtOnce)},
                               {"threads", std::to_string(threads)}},
                              memory == Writer::Memory::much ? "" : kMemory, environment);
}

bool has_length(const Type& type) { return type.id == TypeId::varchar || type.id == TypeId::json; }

// The rows with the types that their schema says, as a landing table would have them, and counted.
std::string typed(const Relation& rows) {
  std::vector<std::string> names, values;
  for (const Column& column : rows.schema.columns) {
    names.push_back(duck::quote_name(column.name));
    const Type type = column.type.id == TypeId::null ? Type(TypeId::varchar) : column.type;
    values.push_back(fmt::format("CAST({0} AS {1}) AS {0}", names.back(), to_string(type)));
  }
  return fmt::format("SELECT {} FROM ({}) AS rows({}) WHERE {}", fmt::join(values, ", "), rows.select, fmt::join(names, ", "),
                     duck::Database::passing());
}

}  // namespace

Writer::Writer(const std::filesystem::path& spill, const Context& context, Memory memory)
    : stop_(context.stop), spills_(!spill.empty()), engine_(make_engine(spill, context.environment, memory)), connection_(engine_.connect(stop_)) {}

Relation Writer::table(const std::filesystem::path& database, const TableName& table) {
  if (!file_) file_.emplace(engine_, database, duck::DatabaseFile::Mode::read_only);
  Relation rows;
  const std::string schema = table.schema.empty() ? "main" : table.schema;  // DuckDB's own
  rows.select = fmt::format("FROM {}.{}.{}", duck::quote_name(file_->catalog()), duck::quote_name(schema),
                            duck::quote_name(table.table));
  rows.schema = connection_.describe(rows.select);
  rows.row_bytes = row_bytes(rows.select, rows.schema);
  return rows;
}

uint64_t Writer::row_bytes(const std::string& select, const Schema& columns) {
  uint64_t fixed = 0;
  std::string texts = "''";
  for (const Column& column : columns.columns) {
    if (has_length(column.type)) {
      texts += ", " + duck::quote_name(column.name);
    } else {
      fixed += kFixedBytes;
    }
  }
  const auto rows = connection_.query(fmt::format("SELECT CAST(coalesce(avg(strlen(concat({}))), 0) AS BIGINT) FROM ({} LIMIT {})", texts, select,
                                                  kSampleRows));
  return fixed + std::stoull(rows.at(0).at(0).value());
}

Relation Writer::fitted(const Format& format, const Relation& rows, const std::vector<std::string>& partition_by) {
  return format.workbook == nullptr ? rows : format.workbook->fitted(connection_, rows, partition_by);
}

uint64_t Writer::write(const Format& format, const Relation& given, const std::filesystem::path& file, const std::string& name,
                       const duck::Connection::Watch& watch) {
  const Prepared prepared(connection_, given);
  const Relation rows = fitted(format, given, {});
  const uint64_t batch_bytes = kBatchRows * (rows.row_bytes + kValueBytes * rows.schema.columns.size());
  // What waits must fit, above all where it cannot be spilled.
  if (batch_bytes > kMostBatchBytes || !spills_) connection_.execute("SET GLOBAL threads = 1");
  // One for all: SQLite's extension lets go of the file between transactions, and a statement is prepared before it runs.
  duck::Transaction transaction(connection_);
  const uint64_t written = checked(connection_, rows, [&] {
    return connection_.change(copy_sql(format, typed(rows), rows.schema, file.string(), name, rows.row_bytes), watch);
  });
  transaction.commit();
  return written;
}

std::vector<std::filesystem::path> Writer::write_apart(const Format& format, const Relation& given,
                                                       const std::vector<std::string>& partition_by,
                                                       const std::filesystem::path& directory) {
  const Relation rows = fitted(format, given, partition_by);
  connection_.execute(fmt::format("SET partitioned_write_flush_threshold = {}", kWaitingBytes / std::max<uint64_t>(rows.row_bytes, 1)));
  run(list_partitions_sql(rows.select, rows.schema, partition_by));
  const uint64_t partitions = std::stoull(connection_.query(fmt::format("FROM (SELECT count(*) FROM {})", kPartitions)).at(0).at(0).value());
  std::filesystem::create_directory(directory);
  for (uint64_t first = 0; first < partitions; first += kPartitionsAtOnce) {
    run(copy_partitions_sql(format, rows.select, rows.schema, partition_by, first, directory.string(), rows.row_bytes));
  }
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) files.push_back(entry.path().lexically_relative(directory));
  }
  return files;
}

duck::Connection::Watch Writer::until_stopped() const {
  return [this](std::optional<double>) {
    throw_if_stopped(stop_);
  };
}

void Writer::run(const std::string& statement) { connection_.change(statement, until_stopped()); }

}  // namespace ingestr::file_output
