// Rows of a JSON Lines file.
#pragma once

#include "base/error.h"
#include "sources/files/format.h"

namespace ingestr::files {

// Each line that is not blank is an object and a row, its keys are columns. Columns come in the order in which the first
// rows have them; keys that only later rows have follow by name. A key whose name is taken, ignoring case, becomes the column
// "name_2". Values that are objects or arrays keep their text.
class JsonlFormat final : public Format {
 public:
  explicit JsonlFormat(File file) : file_(std::move(file)) {}

  void open(const Head& head) override;
  Schema learn(duck::Connection& connection, std::optional<uint64_t> rows) override;
  Column as_written(const std::string& name) const override;
  std::string select(const Schema& schema) const override;

 private:
  [[noreturn]] void explain(duck::Connection& connection, const Error& error);

  File file_;
  bool is_empty_ = false;  // then it has no columns
  std::vector<std::string> keys_;  // one for each column
};

}  // namespace ingestr::files
