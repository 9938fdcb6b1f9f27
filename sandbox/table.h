// Table: the rows of one object or list with the writer that turns them into JSON.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "collection.h"
#include "options.h"
#include "query.h"
#include "rows.h"

namespace sandbox {

// Appends `,"name":json` for each key that applies to row number `index`.
void write_extra(const std::vector<ExtraKey>& extra, uint64_t index, std::string& out);

// Any thread may read and change it.
class Table {
 public:
  Table(std::unique_ptr<Collection> rows, std::unique_ptr<RowWriter> writer);

  // Appends the rows that the query asks for, separated by commas, each with those keys of `extra`
  // that apply at its position in the full order of the answer.
  void write_page(const Query& query, const std::vector<ExtraKey>& extra, std::string& out) const;

  // The row alone, with the keys it has in an unsorted page.
  void write_one(const Collection::Found& found, const std::vector<ExtraKey>& extra,
                 std::string& out) const;

  Collection& rows() const { return *rows_; }
  const RowWriter& writer() const { return *writer_; }

 private:
  std::vector<Row> select(const Query& query) const;

  std::unique_ptr<Collection> rows_;
  std::unique_ptr<RowWriter> writer_;
};

}  // namespace sandbox
