#include "sources/files/file_source.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace ingestr::files {
namespace {

class FileSource final : public Source {
 public:
  FileSource(File file, MakeTable make_table) : file_(std::move(file)), make_table_(std::move(make_table)) {}

  std::unique_ptr<Table> table(std::string_view name) override {
    if (name.empty()) throw Error(ErrorKind::usage, "--source-table is empty; any name will do, the file has one table");
    return make_table_(std::string(name));
  }

  std::vector<TableInfo> tables() override {
    return {{.name = label(), .description = fmt::format("the rows of {}", file_.name()), .readable = true}};
  }

  AccountInfo check() override {
    return {fmt::format("the file {}, {}, can be read", file_.path.string(), human_bytes(file_.bytes)), {}};
  }

  std::vector<std::string> expand(std::string_view pattern) override {
    return {pattern == "*" ? label() : std::string(pattern)};
  }

 private:
  // The file's name up to its first dot.
  std::string label() const {
    const std::string name = file_.name();
    return name.substr(0, std::max<size_t>(1, name.find('.', 1)));
  }

  File file_;
  MakeTable make_table_;
};

}  // namespace

std::unique_ptr<Source> make_file_source(File file, MakeTable make_table) {
  return std::make_unique<FileSource>(std::move(file), std::move(make_table));
}

}  // namespace ingestr::files
