// BatchQuery: SQL over batches, in an engine of its own that nothing of them leaves: it has no file, and no directory to
// spill to.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "data/batch.h"
#include "duck/database.h"
#include "duck/function.h"

namespace ingestr::duck {

// One thread at a time.
class BatchQuery {
 public:
  // What a batch's rows are called in SQL.
  static constexpr std::string_view kRows = "ingestr_rows";

  // `stop` interrupts what runs.
  explicit BatchQuery(std::stop_token stop = {});

  // From now on selects may call these; those that are known already come first.
  void know(const std::vector<TextFunction>& functions);

  // What `select` gives, in its order, of the rows of `batch`, which come in their order. Its columns are those of `result`,
  // by position and type; a column of JSON text may be inferred. Lists are of varchar. Throws Error(bad_data) for a value
  // that SQL refuses.
  Batch run(Batch batch, const std::string& select, const Schema& result);

 private:
  Database engine_;
  Connection connection_;
  size_t known_functions_ = 0;
};

}  // namespace ingestr::duck
