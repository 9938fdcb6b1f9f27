#include "sources/files/file_source.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "sources/files/file_table.h"

namespace ingestr::files {
namespace {

class FileSource final : public Source {
 public:
  FileSource(File file, MakeFormat make_format, std::stop_token stop)
      : file_(std::move(file)), make_format_(std::move(make_format)), stop_(std::move(stop)) {}

  std::unique_ptr<Table> table(std::string_view name) override {
    if (name.empty()) throw Error(ErrorKind::usage, "--source-table is empty; any name will do, the file has one table");
    return std::make_unique<FileTable>(std::string(name), file_, make_format_(), stop_);
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
  MakeFormat make_format_;
  std::stop_token stop_;
};

}  // namespace

std::unique_ptr<Source> make_file_source(File file, MakeFormat make_format, std::stop_token stop) {
  return std::make_unique<FileSource>(std::move(file), std::move(make_format), std::move(stop));
}

}  // namespace ingestr::files
