// The rows of a file that knows the types of its columns.
#pragma once

#include <optional>
#include <stop_token>

#include "duck/extension.h"
#include "engine/source.h"
#include "sources/files/file.h"

namespace ingestr::files {

// How the embedded engine reads a kind of file.
struct Reader {
  std::optional<duck::Extension> extension;  // nothing: the engine itself does
  std::string relation;                      // stands behind FROM
};

class TypedTable final : public Table {
 public:
  TypedTable(std::string name, File file, Reader reader, std::stop_token stop);

  const TableSpec& spec() const override { return spec_; }
  void prepare(const ReadRequest& request) override;
  std::optional<Relation> relation(const ReadRequest& request) override;
  void read(const ReadRequest& request, BatchSink& rows) override;

 private:
  duck::Connection connect() const;
  std::string select(const ReadRequest& request) const;

  TableSpec spec_;
  File file_;
  Reader reader_;
  std::stop_token stop_;
  std::string columns_;  // of a SELECT; empty: not prepared yet
  uint64_t row_bytes_ = 0;
};

}  // namespace ingestr::files
