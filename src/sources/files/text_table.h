// The rows of text files as a table.
#pragma once

#include <memory>
#include <stop_token>

#include "engine/source.h"
#include "sources/files/format.h"
#include "sources/files/unchanged.h"

namespace ingestr::files {

// Types come from all rows, or, while a request is content with provisional ones, from the first few megabytes of a large
// file. A column that is wanted as it is written has none, unless the interval is of it. The embedded engine of this process
// reads it; it is let go before rows land.
class TextTable final : public Table {
 public:
  // `stop` ends what is being read.
  TextTable(std::string name, FindFiles find, std::unique_ptr<Format> format, std::stop_token stop);

  const TableSpec& spec() const override { return spec_; }
  void prepare(const ReadRequest& request) override;
  std::optional<Relation> relation(const ReadRequest& request) override;
  void settle_types() override;
  void read(const ReadRequest& request, BatchSink& rows) override;

 private:
  void learn(duck::Connection& connection, std::optional<uint64_t> rows);
  std::string select(const ReadRequest& request) const;

  TableSpec spec_;
  ReadRequest request_;  // that it is prepared for
  FindFiles find_;
  Files files_;  // once it is prepared
  Unchanged unchanged_;
  std::unique_ptr<Format> format_;
  std::stop_token stop_;
  uint64_t row_bytes_ = 0;
  std::optional<uint64_t> read_rows_;  // that the types must hold for; nothing: all
  bool prepared_ = false;
  bool provisional_ = false;
};

}  // namespace ingestr::files
