// The order in which MySQL does the steps of a plan, and the statements of those that change a target's rows.
#pragma once

#include <string>
#include <vector>

#include "destinations/database/mysql_dialect.h"
#include "destinations/database/mysql_kept.h"
#include "engine/step.h"

namespace ingestr::database {

struct OrderedSteps {
  std::vector<Step> landing;  // checks, and what concerns new tables only
  std::vector<Step> widen;    // a target's columns
  std::vector<Step> change;   // a target's rows
  std::vector<Step> finish;   // tables get names, or go
};
OrderedSteps in_order(const std::vector<Step>& steps);

// What a landing table must be before rows are copied from it into a target.
struct Fitting {
  TableName landing;
  TableName target;
  std::vector<CopiedColumn> columns;  // that get the target's types
  std::vector<std::string> found_by;  // by which its rows are looked for; may be empty
};
std::vector<Fitting> fittings_of(const std::vector<Step>& changes);

// The statements of a step, on a landing table that fits.
std::vector<std::string> mysql_statements(const Step& step, const MysqlDialect& dialect);

// Whether MODIFY would write the column's values in another way than we, so that they are first written into another column,
// kHelperColumn, which a run that is killed leaves.
bool is_written_anew(const RetypeColumn& step);
inline constexpr std::string_view kHelperColumn = "_ingestr_landing_value";

// The statements that give a target's column, which is among `columns`, a wider type.
std::vector<std::string> retyping_of(const std::vector<MysqlColumn>& columns, const RetypeColumn& step, const MysqlKept& kept,
                                     const MysqlDialect& dialect);

}  // namespace ingestr::database
