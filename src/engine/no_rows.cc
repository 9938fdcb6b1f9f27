#include "engine/no_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"

namespace ingestr {
namespace {

constexpr std::array kOurs = {kLoadTimestampColumn, kValidFromColumn, kValidToColumn,
                              kIsCurrentColumn};

bool whole_target_is_meant(const PlanFacts& facts) {
  const bool whole = facts.incremental_key.empty() && !facts.interval_start &&
                     !facts.interval_end && !facts.partial;
  return facts.strategy == Strategy::replace || facts.fresh ||
         (facts.strategy == Strategy::scd2 && whole);
}

}  // namespace

Schema columns_of_no_rows(const Job& job, const PlanFacts& facts, Destination& destination) {
  if (whole_target_is_meant(facts) && !job.allow_empty) {
    throw Error(ErrorKind::bad_data,
                fmt::format("the source has no rows, and nothing says which columns they would "
                            "have; {} is as it was, declare the columns with --columns, or accept "
                            "that it becomes empty with --allow-empty",
                            to_string(facts.target)));
  }
  Schema columns = destination.describe(facts.target).value_or(Schema{});
  std::erase_if(columns.columns, [](const Column& column) {
    return std::ranges::find(kOurs, column.name) != kOurs.end();
  });
  return columns;
}

}  // namespace ingestr
