#include "sources/files/file_source.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace ingestr::files {
namespace {

class FileSource final : public Source {
 public:
  FileSource(std::string name, FindFiles find, MakeTable make_table, std::stop_token stop, FindFiles look)
      : name_(std::move(name)),
        find_(std::move(find)),
        look_(look ? std::move(look) : find_),
        make_table_(std::move(make_table)),
        stop_(std::move(stop)) {}

  std::unique_ptr<Table> table(std::string_view name) override {
    if (name.empty()) throw Error(ErrorKind::usage, "--source-table is empty; any name will do, the file has one table");
    return make_table_(std::string(name), find_, stop_);
  }

  std::vector<TableInfo> tables() override {
    return {{.name = label(), .description = fmt::format("the rows of {}", name_), .readable = true}};
  }

  AccountInfo check() override {
    const Files files = look_();
    const size_t count = files.paths.size();
    const std::string which = count == 1 ? fmt::format("the file {}", name_) : fmt::format("{} files of {}", count, name_);
    return {fmt::format("{}, {}, can be read", which, human_bytes(files.bytes)), {}};
  }

  std::vector<std::string> expand(std::string_view pattern) override {
    return {pattern == "*" ? label() : std::string(pattern)};
  }

 private:
  // The file's name up to its first dot; of a pattern the part in front of it that is none.
  std::string label() const {
    std::string path = name_.substr(0, name_.find('*'));
    if (path.size() < name_.size()) path = path.substr(0, path.rfind('/'));
    const std::string name = path.substr(path.rfind('/') + 1);
    const std::string label = name.substr(0, std::max<size_t>(1, name.find('.', 1)));
    return label.empty() ? "rows" : label;
  }

  std::string name_;
  FindFiles find_, look_;
  MakeTable make_table_;
  std::stop_token stop_;
};

}  // namespace

std::unique_ptr<Source> make_file_source(std::string name, FindFiles find, MakeTable make_table, std::stop_token stop, FindFiles look) {
  return std::make_unique<FileSource>(std::move(name), std::move(find), std::move(make_table), std::move(stop), std::move(look));
}

}  // namespace ingestr::files
