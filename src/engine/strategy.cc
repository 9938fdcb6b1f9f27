#include "engine/strategy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <xxhash.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"

namespace ingestr {
namespace {

constexpr size_t kLandingNameBytes = 60;  // Postgres cuts names at 63 bytes, without a word

constexpr std::string_view kWorking = "replace";

// Names of compat.md that are to come.
constexpr std::array<std::string_view, 4> kPlanned = {"append", "merge", "delete+insert", "scd2"};

// The longest beginning of `text` that has at most `bytes` bytes and ends between UTF-8 characters.
std::string_view beginning(std::string_view text, size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
  return text.substr(0, bytes);
}

std::string type_text(const Column& column) {
  if (column.inferred) return "JSON";
  return column.type.id == TypeId::null ? "VARCHAR" : to_string(column.type);
}

struct StepText {
  std::string operator()(const CreateSchema& step) const {
    return fmt::format("create schema {}", step.schema);
  }
  std::string operator()(const DropLandings&) const {
    return "drop landing tables that dead runs left";
  }
  std::string operator()(const CreateTable& step) const {
    std::vector<std::string> columns;
    for (const Column& column : step.schema.columns) {
      columns.push_back(fmt::format("{} {}", column.name, type_text(column)));
    }
    return fmt::format("create table {} ({})", to_string(step.table), fmt::join(columns, ", "));
  }
  std::string operator()(const DropTable& step) const {
    return fmt::format("drop table {}", to_string(step.table));
  }
  std::string operator()(const RenameTable& step) const {
    return fmt::format("rename table {} to {}", to_string(step.from),
                       to_string(TableName{"", step.to}));
  }
  std::string operator()(const DecodeColumn& step) const {
    return fmt::format("decode column {} of {} as {}", step.column, to_string(step.table),
                       type_text({step.column, step.type, false}));
  }
  std::string operator()(const AddLoadTimestamp& step) const {
    return fmt::format("add column {} to {} with {}", step.column, to_string(step.table),
                       format_iso(step.time));
  }
};

Plan replace_plan(const PlanFacts& facts) {
  Plan plan;
  plan.landing = landing_name(facts.target);
  if (!facts.target.schema.empty()) plan.before.push_back(CreateSchema{facts.target.schema});
  plan.before.push_back(DropLandings{});
  plan.before.push_back(DropTable{plan.landing});
  plan.before.push_back(CreateTable{plan.landing, facts.landed});

  for (const Column& column : facts.landed.columns) {
    if (column.inferred) plan.after.push_back(DecodeColumn{plan.landing, column.name, column.type});
  }
  if (facts.loaded_at) {
    plan.after.push_back(
        AddLoadTimestamp{plan.landing, std::string(kLoadTimestampColumn), *facts.loaded_at});
  }
  plan.after.push_back(DropTable{facts.target});
  plan.after.push_back(RenameTable{plan.landing, facts.target.table});
  return plan;
}

}  // namespace

Strategy parse_strategy(std::string_view name) {
  if (name == kWorking) return Strategy::replace;
  if (std::find(kPlanned.begin(), kPlanned.end(), name) != kPlanned.end()) {
    throw Error(ErrorKind::unsupported,
                fmt::format("the strategy {} is not available yet in this version; use {}", name,
                            kWorking));
  }
  throw Error(ErrorKind::usage,
              fmt::format("there is no strategy \"{}\"; use {}", shorten(name, 40), kWorking));
}

std::string_view to_string(Strategy strategy) {
  switch (strategy) {
    case Strategy::replace:
      return "replace";
  }
  return "?";
}

Plan make_plan(const PlanFacts& facts) {
  switch (facts.strategy) {
    case Strategy::replace:
      return replace_plan(facts);
  }
  throw Error(ErrorKind::internal, "a strategy without a plan");
}

std::string to_text(const Step& step) {
  return std::visit(StepText{}, step);
}

std::string to_text(const Plan& plan) {
  std::string text = "before the rows:\n";
  for (const Step& step : plan.before) text += fmt::format("  {}\n", to_text(step));
  text +=
      fmt::format("rows land in {}\nafter the rows, all or nothing:\n", to_string(plan.landing));
  for (const Step& step : plan.after) text += fmt::format("  {}\n", to_text(step));
  return text;
}

TableName landing_name(const TableName& target) {
  std::string name = std::string(kLandingPrefix) + target.table;
  if (name.size() > kLandingNameBytes) {
    const auto hash = static_cast<uint32_t>(XXH3_64bits(target.table.data(), target.table.size()));
    const std::string tail = fmt::format("_{:08x}", hash);
    name = std::string(beginning(name, kLandingNameBytes - tail.size())) + tail;
  }
  return {target.schema, name};
}

}  // namespace ingestr
