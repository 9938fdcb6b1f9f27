// The rows of Excel workbooks.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "base/nameless_file.h"
#include "sources/files/evidence.h"
#include "sources/files/format.h"
#include "sources/files/sheet_reader.h"

namespace ingestr::files {

// Each workbook is read once, into JSON Lines in a file without a name, which the engine takes then; types are those of all cells. Columns of
// several workbooks come together by name, ignoring case; names of directories that no sheet has are columns too.
class ExcelFormat final : public Format {
 public:
  // `sheet` nothing: the first one. `directory` is for files that are gone however the run ends; empty: they stay in memory, and more than
  // 256 MB are refused.
  ExcelFormat(std::optional<std::string> sheet, std::string directory, std::stop_token stop);

  uint64_t open(duck::Connection& connection, const Files& files, const PackedTexts& packed) override;
  bool holds_rows() const override { return true; }
  Schema learn(duck::Connection& connection, std::optional<uint64_t> rows) override;
  Column as_written(const std::string& name) const override;
  Type type_for(const Column& learnt, const Type& target) override;
  std::string select(const Schema& schema) const override;

 private:
  uint64_t read(const std::string& path, const std::string& directories);
  bool is_partition(const std::string& column) const;

  std::optional<std::string> sheet_;
  std::string directory_;
  std::stop_token stop_;
  std::unique_ptr<NamelessFile> lines_;
  uint64_t bytes_ = 0;
  SheetColumns columns_;
  std::vector<std::string> directories_;  // columns in names of directories
  Evidence evidence_;                     // one for each of them
};

}  // namespace ingestr::files
