#include "sources/files/remote_source.h"

#include <fmt/format.h>

#include "base/error.h"

namespace ingestr::files {
namespace {

class RemoteSource final : public Source {
 public:
  explicit RemoteSource(RemoteTables tables) : tables_(std::move(tables)) {}

  std::unique_ptr<Table> table(std::string_view name) override {
    if (name.empty()) {
      throw Error(ErrorKind::usage,
                  fmt::format("--source-table is empty; name a file in {}, or a pattern such as ./*.parquet", tables_.name));
    }
    return tables_.table_of(name);
  }

  std::vector<TableInfo> tables() override {
    std::vector<TableInfo> infos;
    for (const std::string& path : tables_.list()) {
      infos.push_back({.name = path, .description = "the rows of this file", .readable = true});
    }
    return infos;
  }

  AccountInfo check() override { return {fmt::format("{}, which has {} files, can be read", tables_.name, tables_.list().size()), {}}; }

  std::vector<std::string> expand(std::string_view pattern) override {
    return pattern == "*" ? tables_.list() : std::vector{std::string(pattern)};
  }

 private:
  RemoteTables tables_;
};

}  // namespace

std::unique_ptr<Source> make_remote_source(RemoteTables tables) { return std::make_unique<RemoteSource>(std::move(tables)); }

}  // namespace ingestr::files
