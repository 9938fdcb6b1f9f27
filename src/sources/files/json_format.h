// Rows of JSON files.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "sources/files/evidence.h"
#include "sources/files/format.h"

namespace ingestr::files {

// How the objects stand in a file.
enum class JsonLayout {
  lines,     // one on each line that is not blank
  document,  // in an array, or one after the other
};

// Each object is a row, its keys are columns, and so are the names of directories that no key has. Columns come in the order in which the first
// rows have them; keys that only later rows have follow by name. A key whose name is taken, ignoring case, becomes the column
// "name_2". Values that are objects or arrays keep their text.
class JsonFormat final : public Format {
 public:
  explicit JsonFormat(JsonLayout layout) : layout_(layout) {}

  std::optional<uint64_t> longest_line() const override;
  uint64_t open(duck::Connection& connection, const Files& files, const PackedTexts& packed) override;
  Schema learn(duck::Connection& connection, std::optional<uint64_t> rows) override;
  Column as_written(const std::string& name) const override;
  Type type_for(const Column& learnt, const Type& target) override;
  void read_in(duck::Connection& connection, Pieces pieces) override;
  std::string select(const Schema& schema) const override;

 private:
  // A relation with the column "line", each an object, blank or a fault, and with partition_field() of each of `directories_`.
  std::string objects_sql(const Files& files, Pieces pieces = Pieces::large) const;
  std::string objects_of(const Files& files, Pieces pieces, const std::vector<std::string>& partitions) const;
  std::string documents_sql(const Files& files, const std::vector<std::string>& partitions) const;
  // Looks at how a document begins and ends. Throws Error(bad_data) for an array without an end, which DuckDB 1.5.5 takes behind a comma.
  void open_document(duck::Connection& connection, const Files& file, const PackedTexts& packed);
  // Queries objects_sql(), as the call writes it down each time.
  std::vector<duck::Connection::Row> query(duck::Connection& connection, const std::function<std::string()>& sql);
  bool is_partition(const std::string& column) const;
  bool may_read_otherwise(const Error& error) const;
  [[noreturn]] void explain(duck::Connection& connection, const Error& error);

  JsonLayout layout_;
  Pieces pieces_ = Pieces::large;
  Files files_;
  std::set<std::string> arrays_;  // paths; DuckDB 1.5.5 does not find out itself which they are, behind a byte order mark
  bool reads_otherwise_ = false;  // lines that end in different ways; objects one by one, though the first ones have lines of their own
  bool is_empty_ = false;  // then it has no columns
  std::vector<std::string> keys_;  // one for each column
  std::vector<std::string> directories_;  // columns in names of directories
  std::vector<size_t> partitions_;        // those of them that are columns, behind those of keys
  Evidence evidence_;                     // one for each column
};

}  // namespace ingestr::files
