// Rows of a CSV file.
#pragma once

#include <memory>
#include <string>

#include "sources/files/csv_head.h"
#include "sources/files/format.h"

namespace ingestr::files {

// Fields are as RFC 4180 has them. An empty field is NULL, a quoted one that is empty is ''. `delimiter` empty: detected.
class CsvFormat final : public Format {
 public:
  CsvFormat(File file, std::string delimiter);

  void open(const Head& head) override;
  Schema learn(duck::Connection& connection, std::optional<uint64_t> rows) override;
  Column as_written(const std::string& name) const override;
  std::string select(const Schema& schema) const override;

 private:
  std::string texts() const;  // a relation of VARCHAR columns c0, c1…

  File file_;
  std::string delimiter_;
  CsvHead head_;
  std::string new_line_;  // empty: DuckDB finds out
};

}  // namespace ingestr::files
