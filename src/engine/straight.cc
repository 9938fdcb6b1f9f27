#include "engine/straight.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/time.h"
#include "duck/text.h"

namespace ingestr {

Relation with_steps(Relation rows, const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    const auto* added = std::get_if<AddLoadTimestamp>(&step);
    if (added == nullptr) throw Error(ErrorKind::internal, "a step is to be done to rows that do not land");
    rows.select = fmt::format("SELECT *, CAST({} AS TIMESTAMPTZ) AS {} FROM ({})", duck::quote_text(format_iso(added->time)),
                              duck::quote_name(added->column), rows.select);
    rows.schema.columns.push_back({added->column, TypeId::timestamp_tz, false});
  }
  rows.origin = nullptr;
  return rows;
}

}  // namespace ingestr
