#include "engine/step.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/time.h"
#include "engine/row_change.h"

namespace ingestr {
namespace {

std::string type_text(const Type& type) {
  return type.id == TypeId::null ? "VARCHAR" : to_string(type);
}

std::string column_text(const Column& column) {
  return fmt::format("{} {}", column.name, column.inferred ? "JSON" : type_text(column.type));
}

// "a, b as VARCHAR, c into C"
std::string copied_text(const std::vector<CopiedColumn>& columns) {
  std::vector<std::string> texts;
  for (const CopiedColumn& column : columns) {
    std::string text = column.from;
    if (column.from_type != column.to_type) text += " as " + type_text(column.to_type);
    if (column.from != column.to) text += " into " + column.to;
    texts.push_back(std::move(text));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string names_text(const std::vector<CopiedColumn>& columns) {
  std::vector<std::string> names;
  for (const CopiedColumn& column : columns) names.push_back(column.to);
  return fmt::format("{}", fmt::join(names, ", "));
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
    for (const Column& column : step.schema.columns) columns.push_back(column_text(column));
    return fmt::format("create table {} ({})", to_string(step.table), fmt::join(columns, ", "));
  }
  std::string operator()(const DropTable& step) const {
    return fmt::format("drop table {}", to_string(step.table));
  }
  std::string operator()(const RenameTable& step) const {
    return fmt::format("rename table {} to {}", to_string(step.from),
                       to_string(TableName{"", step.to}));
  }
  std::string operator()(const ReplaceTable& step) const {
    return fmt::format("replace {} by {}, keeping constraints, defaults, indexes and comments", to_string(step.to),
                       to_string(step.from));
  }
  std::string operator()(const AddColumn& step) const {
    return fmt::format("add column {} to {}", column_text(step.column), to_string(step.table));
  }
  std::string operator()(const DecodeColumn& step) const {
    return fmt::format("decode column {} of {} as {}", step.column, to_string(step.table),
                       type_text(step.type));
  }
  std::string operator()(const AddLoadTimestamp& step) const {
    return fmt::format("add column {} to {} with {}", step.column, to_string(step.table),
                       format_iso(step.time));
  }
  std::string operator()(const PartitionTable& step) const {
    return fmt::format("keep files of {} apart by {}", to_string(step.table), fmt::join(step.columns, ", "));
  }
  std::string operator()(const RetypeColumn& step) const {
    return fmt::format("retype column {} of {} from {} to {}", step.column, to_string(step.table),
                       type_text(step.from), type_text(step.to));
  }
  std::string operator()(const RestoreTypes& step) const {
    std::vector<std::string> columns;
    for (const RetypedColumn& column : step.columns) columns.push_back(fmt::format("{} {}", column.name, type_text(column.to)));
    return fmt::format("give columns of {} the source's types: {}", to_string(step.table), fmt::join(columns, ", "));
  }
  std::string operator()(const RequireExact& step) const {
    return fmt::format("check that column {} of {} is exact as {}", step.column,
                       to_string(step.table), type_text(step.to));
  }
  std::string operator()(const RequireNoNulls& step) const {
    return fmt::format("check that {} has no NULL in {}", to_string(step.table),
                       fmt::join(step.columns, ", "));
  }
  std::string operator()(const RequirePredicate& step) const {
    return fmt::format("check that rows can be matched by ({})", step.predicate);
  }
  std::string operator()(const Deduplicate& step) const {
    return fmt::format("keep of each {} in {} the row with the {}", fmt::join(step.key, ", "),
                       to_string(step.table),
                       step.order_by.empty() ? "last place"
                                             : fmt::format("highest {}, or last place", step.order_by));
  }
  std::string operator()(const InsertRows& step) const {
    return fmt::format("insert from {} into {}: {}", to_string(step.from), to_string(step.to),
                       copied_text(step.columns));
  }
  std::string operator()(const MergeRows& step) const {
    const std::string predicate =
        step.predicate.empty() ? "" : fmt::format(" and ({})", step.predicate);
    return fmt::format("merge from {} into {} by {}{}: {}", to_string(step.from),
                       to_string(step.to), fmt::join(step.key, ", "), predicate,
                       copied_text(step.columns));
  }
  std::string operator()(const AddVersionColumns& step) const {
    return fmt::format("add columns {}, {}, {} to {}: current from {}", kValidFromColumn,
                       kValidToColumn, kIsCurrentColumn, to_string(step.table),
                       format_iso(step.time));
  }
  std::string operator()(const CloseVersions& step) const {
    std::vector<std::string> reasons;
    if (!step.compared.empty()) reasons.push_back("differ in " + names_text(step.compared));
    if (step.vanished) reasons.emplace_back("are not there");
    return fmt::format("close versions of {} that, by {}, {} in {}, at {}", to_string(step.to),
                       names_text(step.keys), fmt::join(reasons, " or "), to_string(step.from),
                       format_iso(step.time));
  }
  std::string operator()(const InsertVersions& step) const {
    const std::string kept =
        step.kept.empty() ? "" : fmt::format("; {} stay", fmt::join(step.kept, ", "));
    return fmt::format("insert versions from {} into {} where no {} is current, from {} on: {}{}",
                       to_string(step.from), to_string(step.to), fmt::join(step.key, ", "),
                       format_iso(step.time), copied_text(step.columns), kept);
  }
  std::string operator()(const DiscardRows& step) const {
    std::vector<std::string> reasons;
    for (const std::string& column : step.columns) reasons.push_back(column + " has a value");
    for (const CopiedColumn& column : step.narrowed)
      reasons.push_back(fmt::format("{} is no {}", column.from, type_text(column.to_type)));
    const std::string rest =
        step.narrowed.empty()
            ? ""
            : fmt::format("; the others have {}", copied_text(step.narrowed));
    return fmt::format("discard rows of {} where {}{}", to_string(step.table),
                       fmt::join(reasons, " or "), rest);
  }
  std::string operator()(const DiscardColumn& step) const {
    return fmt::format("discard column {} of {}", step.column, to_string(step.table));
  }
  std::string operator()(const FitColumn& step) const {
    return fmt::format("retype column {} of {} from {} to {}, NULL where it does not fit",
                       step.column, to_string(step.table), type_text(step.from),
                       type_text(step.to));
  }
  std::string operator()(const DeleteInterval& step) const {
    std::string text =
        fmt::format("delete from {} where {} is", to_string(step.table), step.column);
    if (step.start) text += fmt::format(" from {}", format_iso(*step.start));
    if (step.end) text += fmt::format(" up to {}", format_iso(*step.end));
    return text;
  }
  std::string operator()(const DeleteLandedRange& step) const {
    return fmt::format("delete from {} where {} is between the lowest and the highest of {}",
                       to_string(step.table), step.column.to, to_string(step.from));
  }
  std::string operator()(const DeleteLandedValues& step) const {
    return fmt::format("delete from {} where {} is one of {}", to_string(step.table),
                       step.column.to, to_string(step.from));
  }
};

}  // namespace

std::string to_text(const Step& step) {
  return std::visit(StepText{}, step);
}

std::string place_of(const Step& step) {
  if (const auto* decoded = std::get_if<DecodeColumn>(&step)) return "column " + decoded->column;
  if (const auto* retyped = std::get_if<RetypeColumn>(&step))
    return fmt::format("column {} of {}", retyped->column, to_string(retyped->table));
  if (const auto* fit = std::get_if<FitColumn>(&step)) return "column " + fit->column;
  const std::optional<RowChange> change = row_change(step);
  return change && (change->inserts || change->deletes) ? to_string(change->table) : "";
}

}  // namespace ingestr
