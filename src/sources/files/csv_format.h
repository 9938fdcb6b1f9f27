// Rows of CSV files.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/nameless_file.h"
#include "sources/files/csv_head.h"
#include "sources/files/evidence.h"
#include "sources/files/format.h"
#include "sources/files/lines.h"
#include "sources/files/union_by_name.h"

namespace ingestr::files {

// Fields are as RFC 4180 has them. An empty field is NULL, a quoted one that is empty is ''. `delimiter` empty: detected, for
// each file. Columns of several files come together by their names.
class CsvFormat final : public Format {
 public:
  // `directory` is for files that are gone however the run ends; empty: they stay in memory, and more than 256 MB are refused.
  CsvFormat(std::string delimiter, std::string directory, std::stop_token stop)
      : delimiter_(std::move(delimiter)), directory_(std::move(directory)), stop_(std::move(stop)) {}

  std::optional<uint64_t> longest_line() const override { return kLongestRow; }
  uint64_t open(duck::Connection& connection, const Files& files, const PackedTexts& packed) override;
  Schema learn(duck::Connection& connection, std::optional<uint64_t> rows) override;
  Column as_written(const std::string& name) const override;
  Type type_for(const Column& learnt, const Type& target) override;
  void read_in(duck::Connection& connection, Pieces pieces) override;
  std::string select(const Schema& schema) const override;

 private:
  // Files one after the other that begin alike.
  struct Run {
    Files files;
    CsvHead head;
    std::string new_line;                 // empty: DuckDB finds out
    std::vector<std::string> partitions;  // columns in the names of their directories

    bool goes_on_with(const Run& next) const;
  };
  void add(Files file, const Head& head);
  void unite_runs();
  void look_at(duck::Connection& connection, std::optional<uint64_t> rows);
  void gather(duck::Connection& connection, std::optional<uint64_t> rows);
  // Reads copies of the files whose rows end in different ways; false: there are none.
  bool copy_mixed(duck::Connection& connection);
  static Part part_of(const Run& run, Pieces pieces);

  std::string delimiter_, directory_;
  std::stop_token stop_;
  std::vector<std::unique_ptr<NamelessFile>> copies_;
  std::vector<std::string> copied_;  // the files that these are of, as people call them
  Pieces pieces_ = Pieces::large;
  std::vector<Run> runs_;
  Union texts_;
  Evidence evidence_;
};

}  // namespace ingestr::files
