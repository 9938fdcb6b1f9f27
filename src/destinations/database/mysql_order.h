// The order in which MySQL does the steps of a plan, and the statements of those that change a target's rows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "destinations/database/mysql_dialect.h"
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

// The table whose rows the step changes.
std::optional<TableName> changed_table(const Step& step);

// The statements of a step, on a landing table that fits. Of others than those that change rows: to_sql()'s.
std::vector<std::string> mysql_statements(const Step& step, const MysqlDialect& dialect);

// The statements that give a target's column a wider type. Throws Error(unsupported) for one that an index has and that would
// have to be written anew.
struct Retyping {
  std::vector<std::string> statements;
  bool is_written_anew = false;  // by way of another column, kHelperColumn, which a run that is killed leaves
};
inline constexpr std::string_view kHelperColumn = "_ingestr_landing_value";
struct MysqlColumn;
Retyping retyping_of(const std::vector<MysqlColumn>& columns, const RetypeColumn& step, const MysqlDialect& dialect);

}  // namespace ingestr::database
