#include "destinations/files/export.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "base/error.h"
#include "duck/text.h"

namespace ingestr::file_output {
namespace {

// Of a table whose rows are 100 bytes or 3.4 KB wide; what is above it is spilled.
constexpr const char* kMemory = "200MB";
constexpr int kSampleRows = 2'000;
constexpr uint64_t kFixedBytes = 8;

duck::Database make_engine(const std::filesystem::path& spill) {
  return duck::Database({{"memory_limit", kMemory},
                         {"temp_directory", spill.string()},
                         {"preserve_insertion_order", "true"},
                         {"threads", std::to_string(std::clamp(std::thread::hardware_concurrency(), 1U, 4U))}});
}

bool has_length(const Type& type) { return type.id == TypeId::varchar || type.id == TypeId::json; }

}  // namespace

Export::Export(const std::filesystem::path& database, const std::filesystem::path& spill, std::stop_token stop)
    : stop_(std::move(stop)),
      engine_(make_engine(spill)),
      file_(engine_, database, duck::DatabaseFile::Mode::read_only),
      connection_(engine_.connect(stop_)) {}

std::string Export::sql_of(const TableName& table) const {
  return fmt::format("{}.{}.{}", duck::quote_name(file_.catalog()), duck::quote_name(table.schema),
                     duck::quote_name(table.table));
}

uint64_t Export::row_bytes(const std::string& table, const Schema& columns) {
  uint64_t fixed = 0;
  std::string lengths = "0";
  for (const Column& column : columns.columns) {
    if (has_length(column.type)) {
      lengths += fmt::format(" + coalesce(strlen({}), 0)", duck::quote_name(column.name));
    } else {
      fixed += kFixedBytes;
    }
  }
  const auto rows = connection_.query(
      fmt::format("SELECT CAST(coalesce(avg({}), 0) AS BIGINT) FROM (FROM {} LIMIT {})", lengths, table, kSampleRows));
  return fixed + std::stoull(rows.at(0).at(0).value());
}

void Export::write(const Format& format, const TableName& table, const std::filesystem::path& file, const std::string& name) {
  const std::string from = sql_of(table);
  const Schema columns = connection_.describe("FROM " + from);
  connection_.change(copy_sql(format, from, columns, file.string(), name, row_bytes(from, columns)),
                     [this](std::optional<double>) {
                       if (stop_.stop_requested()) throw Error(ErrorKind::cancelled, "interrupted");
                     });
}

}  // namespace ingestr::file_output
