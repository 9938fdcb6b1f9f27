#include "destinations/database/sqlite_look.h"

#include "database/sqlite_client.h"
#include "destinations/database/generated.h"
#include "destinations/database/sqlite_dialect.h"
#include "destinations/database/sqlite_tables.h"
#include "sql/apply.h"

namespace ingestr::database {
namespace {

namespace fs = std::filesystem;

class SqliteLook final : public Destination {
 public:
  SqliteLook(const fs::path& path, const Context& context)
      : client_(without_killed_writer(path, context), fs::exists(path) ? SqliteClient::Mode::read_only : SqliteClient::Mode::in_memory,
                context.stop) {}

  std::optional<Schema> describe(const TableName& table) override { return tables_.describe(table); }
  std::vector<std::string> computed_columns(const TableName& table) override { return generated_names(tables_.columns(table)); }
  TableName resolve(const TableName& table) const override { return resolve_in_sqlite(table); }
  std::unique_ptr<Appender> append(const TableName&, const Schema&) override { refuse_change(); }
  void apply(const std::vector<Step>& steps) override {
    check_steps(steps, SqliteDialect(), [this](const std::string& select) { client_.check(select); });
  }
  void close() override {}

 private:
  static const fs::path& without_killed_writer(const fs::path& path, const Context& context) {
    if (fs::exists(path)) undo_killed_writer(path, context.stop);
    return path;
  }

  SqliteClient client_;
  SqliteTables tables_{client_};
};

}  // namespace

std::unique_ptr<Destination> look_at_sqlite(const fs::path& path, const Context& context) { return std::make_unique<SqliteLook>(path, context); }

}  // namespace ingestr::database
