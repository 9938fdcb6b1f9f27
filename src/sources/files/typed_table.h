// The rows of files that know the types of its columns.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "duck/extension.h"
#include "duck/function.h"
#include "engine/source.h"
#include "sources/files/files.h"
#include "sources/files/unchanged.h"

namespace ingestr::files {

// How the embedded engine reads a kind of file. Called by any thread.
struct Reader {
  std::optional<duck::Extension> extension{};  // nothing: the engine itself does
  // What stands behind FROM for these files, which may be looked at; `partitions` are columns in the names of their directories.
  std::function<std::string(duck::Connection& connection, const Files& files, const std::vector<std::string>& partitions)> relation;
  // What a file calls its columns, where that may be other than the engine calls them.
  std::function<std::vector<std::string>(duck::Connection& connection, const Files& file)> names{};
  // Once for files of the same columns, given all of them: tells what is not carried as it is, and
  // throws Error for what cannot be, naming the file. Gives how many rows there must be; nothing: the engine finds out itself when some lack.
  std::function<std::optional<uint64_t>(duck::Connection& connection, const Files& files, const std::stop_token& stop)> look{};
  bool takes_many = true;  // files of the same columns at once, and partitions
  std::vector<duck::TextFunction> functions{};  // that `relation` calls
};

// Files, and how they are read.
struct TypedFiles {
  Files files;
  Reader reader;
  std::stop_token stop;
  Unchanged unchanged{};

  duck::Connection connect(const duck::Database& engine) const;
};

class TypedTable final : public Table {
 public:
  TypedTable(std::string name, FindFiles find, Reader reader, std::stop_token stop);

  const TableSpec& spec() const override { return spec_; }
  void prepare(const ReadRequest& request) override;
  std::optional<Relation> relation(const ReadRequest& request) override;
  void read(const ReadRequest& request, BatchSink& rows) override;

 private:
  std::string select(const ReadRequest& request) const;

  TableSpec spec_;
  FindFiles find_;
  TypedFiles typed_;    // its files once it is prepared
  std::string select_;  // of all rows; empty: not prepared yet
  uint64_t row_bytes_ = 0;
  std::optional<uint64_t> rows_;  // that all files must have together
};

}  // namespace ingestr::files
