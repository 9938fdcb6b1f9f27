// ColumnPlan: what becomes of each column of the source: whether it lands, under which name and type, and what SQL its values
// go through.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/schema.h"
#include "duck/function.h"
#include "duck/values.h"
#include "engine/wishes.h"

namespace ingestr {

// What is known of both sides before the first row.
struct ColumnFacts {
  // What the source declares. More columns may come, unless `all_declared`; any may when it declares none.
  Schema source{};
  bool all_declared = false;
  std::optional<Schema> existing{};        // the target's; nothing: there is none
  std::vector<std::string> reserved{};     // names that others will add
  std::vector<std::string> primary_key{};  // as the user, or the source, calls it
  std::string incremental_key{};           // likewise; empty: none
  size_t longest_name = SIZE_MAX;          // of a column at the destination, in bytes
  std::vector<std::string> computed{};     // the target's columns that it works out itself: they take no values
  bool keeps_types = false;                // the target's rows stay, and no --schema-contract says what they take
};

// One column that lands. Its values go through the stages, one on the result of the other: expressions of the embedded
// engine over the column called `variable`, in a row whose number is in the column kRowNumber.
struct LandedColumn {
  std::string source;  // its name there
  Column column;
  std::string variable;
  bool is_masked = false;
  bool is_there = true;  // false: only --columns has named it so far, and it is NULL in all rows
  std::vector<std::string> stages{};
};

// Two columns that would get one name, ignoring case, do not. The one that --columns gives the name gets it, else the one that
// has it at the source, else the first; the other one gets the suffix "_2", "_3"…
class ColumnPlan {
 public:
  static constexpr std::string_view kRowNumber = "ingestr_row_number";

  // Throws Error: what check_wishes() throws; usage for a name that --columns gives although it is reserved, for a column of
  // --columns that cannot be there, for two entries that are for one column, and when none would be left; unsupported for a mask that cannot hide its column, or that
  // would make keys the same.
  ColumnPlan(ColumnWishes wishes, ColumnFacts facts);

  const std::vector<LandedColumn>& columns() const { return columns_; }
  Schema schema() const;                        // of what lands
  Naming naming() const { return naming_; }     // never automatic
  size_t renamed() const { return renamed_; }   // declared columns that the naming convention calls otherwise
  const std::vector<std::string>& computed() const { return computed_; }  // columns of the source that the target works out itself
  const std::vector<duck::TextFunction>& functions() const { return functions_; }  // that stages call
  bool changes_values() const;                  // some column has stages

  // Where the source's column lands; nothing: it is left out. A column that is met for the first time gets its place, at the
  // end unless --columns has one for it.
  std::optional<size_t> place(const Column& source);
  // What an inferred column will be by now.
  void set_inferred_type(size_t place, const Type& type) { columns_[place].column.type = type; }

  // The target's column that the values of the source's go into as they are; nullptr: none. (What a mask or a type of --columns makes of a
  // value must not depend on the target.)
  const Column* filled_by(const Column& source);

  // A SELECT, from `rows`, of the columns at `places` after their stages, in that order. `rows` is a table or a SELECT in
  // parentheses that has them before their stages, named by their variables; `rows_before` came before its first one.
  std::string select(std::string_view rows, const std::vector<size_t>& places, uint64_t rows_before) const;

  // The landed column that the user, or the source, calls `name`; `name` when there is none.
  std::string landed_name(std::string_view name) const;
  bool must_exist() const { return wishes_.must_exist; }
  // The words of masks, the source columns of --columns, and all words of the wishes, that no column has fitted yet.
  std::vector<std::string> unused_masks() const;
  std::vector<std::string> unseen_overrides() const;
  std::vector<ColumnWord> unmet_words() const;
  // Columns that no mask is for, although their names go on where that of a masked column ends: name_last_name beside name.
  struct Beside {
    std::string masked;
    std::vector<std::string> bare;
  };
  std::vector<Beside> beside_masks() const;

 private:
  // What became of an entry of --columns.
  struct Bound {
    std::string name;             // of the landed column when it renames
    std::string source;           // the column that it is for; empty: none so far
    std::optional<size_t> ahead;  // the place that is kept for that
  };

  std::optional<size_t> override_for(std::string_view source) const;  // an index of wishes_.overrides
  const Mask* mask_for(std::string_view source, std::string_view landed, const ColumnOverride* wanted);
  bool is_left_out(std::string_view source, const ColumnOverride* wanted);
  bool is_excluded(std::string_view source, const ColumnOverride* wanted);
  bool is_computed(std::string_view source, const ColumnOverride* wanted);
  bool is_met(std::string_view word) const;
  std::string name_for(std::string_view source, std::optional<size_t> wanted);
  void bind_overrides();
  void check_bound_once(const std::string& source, const ColumnOverride& one) const;
  void plan_declared();
  void plan_ahead(size_t wanted);
  std::optional<size_t> add(const Column& source, std::optional<size_t> wanted);

  void plan_stages(LandedColumn& landed, const Column& source, const ColumnOverride* wanted);
  void add_mask(LandedColumn& landed, const Mask& mask, duck::Value& value);
  std::optional<Type> time_there(const LandedColumn& landed, const Column& source) const;
  void check_key(const LandedColumn& landed, const Mask& mask) const;

  ColumnWishes wishes_;
  ColumnFacts facts_;
  Naming naming_;
  size_t renamed_ = 0;
  std::vector<LandedColumn> columns_;
  std::map<std::string, std::optional<size_t>, std::less<>> places_;  // by the name at the source
  std::map<std::string, std::string, std::less<>> names_;             // likewise: what it is called
  std::vector<std::string> taken_;                                    // names
  std::vector<Bound> bound_;                                          // one for each override
  std::vector<bool> used_masks_;
  std::vector<bool> used_exclusions_;
  std::vector<std::string> computed_;
  std::vector<duck::TextFunction> functions_;
};

}  // namespace ingestr
