#include "engine/row_change.h"

namespace ingestr {
namespace {

struct ChangeOf {
  std::optional<RowChange> operator()(const InsertRows& step) const {
    return RowChange{.table = step.to, .landing = step.from, .columns = step.columns, .inserts = true};
  }
  std::optional<RowChange> operator()(const MergeRows& step) const {
    return RowChange{.table = step.to, .landing = step.from, .columns = step.columns, .key = step.key, .found_by = step.key, .inserts = true, .updates = true};
  }
  std::optional<RowChange> operator()(const CloseVersions& step) const {
    RowChange change{.table = step.to, .landing = step.from, .columns = step.keys, .updates = true};
    for (const CopiedColumn& column : step.keys) change.key.push_back(column.to);
    change.found_by = change.key;
    change.columns.insert(change.columns.end(), step.compared.begin(), step.compared.end());
    return change;
  }
  std::optional<RowChange> operator()(const InsertVersions& step) const {
    return RowChange{.table = step.to, .landing = step.from, .columns = step.columns, .key = step.key, .found_by = step.key, .inserts = true};
  }
  std::optional<RowChange> operator()(const DeleteInterval& step) const { return RowChange{.table = step.table, .deletes = true}; }
  std::optional<RowChange> operator()(const DeleteLandedRange& step) const {
    return RowChange{.table = step.table, .landing = step.from, .columns = {step.column}, .deletes = true};
  }
  std::optional<RowChange> operator()(const DeleteLandedValues& step) const {
    return RowChange{.table = step.table, .landing = step.from, .columns = {step.column}, .found_by = {step.column.to}, .deletes = true};
  }
  template <class Other>
  std::optional<RowChange> operator()(const Other&) const {
    return std::nullopt;
  }
};

}  // namespace

std::optional<RowChange> row_change(const Step& step) { return std::visit(ChangeOf{}, step); }

std::optional<TableName> filled_table(const Step& step) {
  if (const auto* replaced = std::get_if<ReplaceTable>(&step)) return replaced->to;
  const std::optional<RowChange> change = row_change(step);
  return change && change->inserts ? std::optional(change->table) : std::nullopt;
}

}  // namespace ingestr
