#include "sources/database/source.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "engine/destination.h"
#include "sources/database/canceller.h"
#include "sources/database/session.h"
#include "sources/database/table.h"

namespace ingestr::database {
namespace {

// As parse_table_name reads it.
std::string table_text(const std::optional<std::string>& schema, const std::string& name) {
  return to_string(TableName{schema.value_or(""), name});
}

// "*" stands for any letters.
bool matches(std::string_view pattern, std::string_view text) {
  const size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text;
  if (!text.starts_with(pattern.substr(0, star))) return false;
  pattern.remove_prefix(star + 1);
  for (size_t at = star; at <= text.size(); ++at) {
    if (matches(pattern, text.substr(at))) return true;
  }
  return false;
}

class DatabaseSource final : public Source {
 public:
  DatabaseSource(std::shared_ptr<const System> system, SourceOptions options, std::stop_token stop)
      : system_(std::move(system)), options_(std::move(options)), stop_(std::move(stop)), canceller_(system_, stop_) {}

  std::unique_ptr<Table> table(std::string_view name) override { return open_table(name, system_, options_, stop_); }

  std::vector<TableInfo> tables() override {
    duck::Connection connection = connect(*system_, stop_);
    std::vector<TableInfo> tables;
    for (const auto& row : connection.query("FROM " + system_->scan(system_->tables_query()))) {
      if (row.at(1).value().starts_with(kLandingPrefix)) continue;  // of a run, dead or alive
      tables.push_back({.name = table_text(row.at(0), row.at(1).value()),
                        .description = fmt::format("a {} of {}", row.at(2).value(), system_->shown()),
                        .key = row.at(3) ? split(*row.at(3), '\n') : std::vector<std::string>{},
                        .readable = row.at(4) == "true"});
    }
    return tables;
  }

  AccountInfo check() override {
    connect(*system_, stop_);
    return {system_->shown(), {}};
  }

  std::vector<std::string> expand(std::string_view pattern) override {
    if (pattern.find('*') == std::string_view::npos) return {std::string(pattern)};
    std::vector<std::string> names;
    for (TableInfo& table : tables()) {
      if (table.readable.value_or(true) && matches(pattern, table.name)) names.push_back(std::move(table.name));
    }
    if (!names.empty()) return names;
    throw Error(ErrorKind::usage, fmt::format("no table of {} that may be read is called {}; `ingestr tables` lists them",
                                              system_->shown(), pattern));
  }

 private:
  std::shared_ptr<const System> system_;
  SourceOptions options_;
  std::stop_token stop_;
  Canceller canceller_;
};

}  // namespace

std::unique_ptr<Source> make_source(std::shared_ptr<const System> system, const SourceOptions& options, std::stop_token stop) {
  return std::make_unique<DatabaseSource>(std::move(system), options, std::move(stop));
}

}  // namespace ingestr::database
