#include "destinations/duckdb/look.h"

#include "destinations/duckdb/dialect.h"
#include "destinations/duckdb/footprint.h"
#include "destinations/duckdb/tables.h"
#include "duck/file.h"
#include "sql/apply.h"

namespace ingestr {
namespace {

class DuckdbLook final : public Destination {
 public:
  explicit DuckdbLook(const std::filesystem::path& path) : connection_(engine_.connect()) {
    if (!std::filesystem::exists(path) || is_stub(path)) return;
    file_.emplace(engine_, path, duck::DatabaseFile::Mode::read_only);
    dialect_.emplace(file_->catalog());
    tables_.emplace(connection_, *dialect_, file_->catalog());
  }

  std::optional<Schema> describe(const TableName& table) override {
    return tables_ ? tables_->describe(table) : std::nullopt;
  }
  std::vector<std::string> computed_columns(const TableName& table) override {
    return tables_ ? tables_->computed_columns(table) : std::vector<std::string>();
  }
  TableName resolve(const TableName& table) const override { return Tables::resolve(table); }
  std::unique_ptr<Appender> append(const TableName&, const Schema&) override { refuse_change(); }
  void apply(const std::vector<Step>& steps) override {
    check_steps(steps, DuckdbDialect(""), [this](const std::string& select) { connection_.describe(select); });
  }
  void close() override {
    if (file_) file_->close();
  }

 private:
  duck::Database engine_;
  std::optional<duck::DatabaseFile> file_;
  std::optional<DuckdbDialect> dialect_;
  duck::Connection connection_;
  std::optional<Tables> tables_;
};

}  // namespace

std::unique_ptr<Destination> look_at_duckdb(const std::filesystem::path& path) {
  return std::make_unique<DuckdbLook>(path);
}

}  // namespace ingestr
