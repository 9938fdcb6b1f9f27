// The rows of a file that a run adds to, as a source reads them.
#pragma once

#include <memory>

#include "engine/connector.h"
#include "engine/source.h"

namespace ingestr::file_output {

class OldRows {
 public:
  // `connector` is that of the file's source. Looks at all rows to learn their types. Throws what the source throws.
  OldRows(const Connector& connector, const Uri& uri, const Context& context);

  const Schema& schema() const { return relation_.schema; }  // no column when there is no row that says any
  const Relation& relation() const { return relation_; }

 private:
  std::unique_ptr<Source> source_;
  std::unique_ptr<Table> table_;
  Relation relation_;
};

}  // namespace ingestr::file_output
