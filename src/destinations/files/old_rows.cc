#include "destinations/files/old_rows.h"

#include "base/error.h"

namespace ingestr::file_output {

OldRows::OldRows(const Connector& connector, const Uri& uri, const Context& context)
    : source_(connector.open_source(uri, {.is_written_anew = true}, context)), table_(source_->table("rows")) {
  const ReadRequest all;
  table_->prepare(all);
  if (table_->spec().schema.columns.empty()) return;
  std::optional<Relation> relation = table_->relation(all);
  if (!relation) throw Error(ErrorKind::internal, "a file is read that the engine does not read itself");
  relation_ = std::move(*relation);
}

}  // namespace ingestr::file_output
