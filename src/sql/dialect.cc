#include "sql/dialect.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/time.h"
#include "duck/text.h"
#include "engine/evolution.h"
#include "sql/discard.h"
#include "sql/rows.h"
#include "sql/versions.h"

namespace ingestr {
namespace {

// Of an ALTER TABLE: a column gets a type, and the values that an expression makes of it.
std::string set_type(std::string_view column, const Type& type, const std::string& value, const Dialect& dialect) {
  return fmt::format("ALTER COLUMN {} SET DATA TYPE {} USING {}", dialect.identifier(column), dialect.type(type), value);
}

struct StepSql {
  const Dialect& dialect;

  std::vector<std::string> operator()(const CreateSchema& step) const {
    return {fmt::format("CREATE SCHEMA IF NOT EXISTS {}", dialect.schema(step.schema))};
  }
  std::vector<std::string> operator()(const DropLandings&) const { return {}; }
  std::vector<std::string> operator()(const CreateTable& step) const {
    if (step.schema.columns.empty()) {
      throw Error(ErrorKind::unsupported,
                  fmt::format("{} would have no column; a table needs at least one",
                              to_string(step.table)));
    }
    std::vector<std::string> columns;
    for (const Column& column : step.schema.columns) {
      columns.push_back(
          fmt::format("{} {}", dialect.identifier(column.name), dialect.landing_type(column)));
    }
    if (step.ordered && !dialect.place_column().empty()) columns.push_back(dialect.place_column());
    const std::string options = dialect.table_options();
    return {fmt::format("CREATE TABLE {} ({}){}{}", dialect.table(step.table), fmt::join(columns, ", "),
                        options.empty() ? "" : " ", options)};
  }
  std::vector<std::string> operator()(const DropTable& step) const {
    return {fmt::format("DROP TABLE IF EXISTS {}", dialect.table(step.table))};
  }
  std::vector<std::string> operator()(const RenameTable& step) const {
    return {fmt::format("ALTER TABLE {} RENAME TO {}", dialect.table(step.from),
                        dialect.identifier(step.to))};
  }
  // A destination whose tables may have constraints does this itself.
  std::vector<std::string> operator()(const ReplaceTable& step) const {
    std::vector<std::string> statements = (*this)(DropTable{step.to});
    statements.push_back((*this)(RenameTable{step.from, step.to.table}).front());
    return statements;
  }
  std::vector<std::string> operator()(const AddColumn& step) const {
    return {add_column_sql(step.table, step.column, dialect)};
  }
  std::vector<std::string> operator()(const RetypeColumn& step) const {
    return dialect.retype(step.table, step.column, step.to,
                          dialect.converted(dialect.identifier(step.column), step.from, step.to));
  }
  std::vector<std::string> operator()(const RestoreTypes& step) const {
    std::vector<std::string> changes;
    for (const RetypedColumn& column : step.columns) {
      changes.push_back(set_type(column.name, column.to, dialect.converted(dialect.identifier(column.name), column.from, column.to), dialect));
    }
    return {fmt::format("ALTER TABLE {} {}", dialect.table(step.table), fmt::join(changes, ", "))};
  }
  std::vector<std::string> operator()(const RequireExact&) const { return {}; }
  std::vector<std::string> operator()(const RequireNoNulls&) const { return {}; }
  std::vector<std::string> operator()(const RequirePredicate&) const { return {}; }
  std::vector<std::string> operator()(const DiscardColumn&) const { return {}; }
  std::vector<std::string> operator()(const PartitionTable&) const {
    throw Error(ErrorKind::internal, "a table of a database is to be kept in files");
  }
  std::vector<std::string> operator()(const DiscardRows& step) const {
    return discard_sql(step, dialect);
  }
  std::vector<std::string> operator()(const FitColumn& step) const {
    return discard_sql(step, dialect);
  }
  std::vector<std::string> operator()(const AddVersionColumns& step) const {
    return versions_sql(step, dialect);
  }
  std::vector<std::string> operator()(const CloseVersions& step) const {
    return dialect.close_versions(step);
  }
  std::vector<std::string> operator()(const InsertVersions& step) const {
    return dialect.insert_versions(step);
  }
  std::vector<std::string> operator()(const Deduplicate& step) const {
    return dialect.deduplicate(step);
  }
  std::vector<std::string> operator()(const InsertRows& step) const {
    return insert_sql(step, dialect);
  }
  std::vector<std::string> operator()(const MergeRows& step) const {
    return dialect.merge(step);
  }
  std::vector<std::string> operator()(const DeleteInterval& step) const {
    return delete_sql(step, dialect);
  }
  std::vector<std::string> operator()(const DeleteLandedRange& step) const {
    return delete_sql(step, dialect);
  }
  std::vector<std::string> operator()(const DeleteLandedValues& step) const {
    return dialect.delete_values(step);
  }
  std::vector<std::string> operator()(const DecodeColumn& step) const {
    return dialect.decode(step);
  }
  std::vector<std::string> operator()(const AddLoadTimestamp& step) const {
    // A default fills the rows that are there without touching them; later rows are another run's.
    return {fmt::format("ALTER TABLE {} ADD COLUMN {} {} DEFAULT {}", dialect.table(step.table),
                        dialect.identifier(step.column), dialect.type(TypeId::timestamp_tz),
                        dialect.timestamp(step.time)),
            dialect.drop_default(step.table, step.column)};
  }
};

}  // namespace

std::string Dialect::identifier(std::string_view name) const {
  return duck::quote_name(name);
}

std::string Dialect::schema(std::string_view name) const {
  return identifier(name);
}

std::string Dialect::table(const TableName& name) const {
  if (name.schema.empty()) return identifier(name.table);
  return schema(name.schema) + "." + identifier(name.table);
}

std::string Dialect::text(std::string_view value) const {
  return duck::quote_text(value);
}

std::string Dialect::timestamp(SystemTime time) const {
  return fmt::format("CAST('{}' AS {})", format_iso(time), type(TypeId::timestamp_tz));
}

std::string Dialect::null(const Type& type) const {
  return fmt::format("CAST(NULL AS {})", this->type(type));
}

std::string Dialect::time(SystemTime time, const Type& type) const {
  return fmt::format("CAST({} AS {})", text(format_iso(time)), this->type(type));
}

std::string Dialect::converted(const std::string& value, const Type&, const Type& to) const {
  return fmt::format("CAST({} AS {})", value, type(to));
}

std::string Dialect::try_converted(const std::string& value, const Type&, const Type& to) const {
  return fmt::format("TRY_CAST({} AS {})", value, type(to));
}

std::string Dialect::fitted(const std::string& value, const Type& from, const Type& to) const {
  if (!are_akin(from, to)) return null(to);
  const std::string there = try_converted(value, from, to);
  return fmt::format("CASE WHEN NOT ({}) THEN {} END",
                     differ(try_converted(there, to, from), value, from), there);
}

std::string Dialect::differ(const std::string& a, const std::string& b, const Type&) const {
  return fmt::format("{} IS DISTINCT FROM {}", a, b);
}

std::string Dialect::ordered(const std::string& column, const Type&) const { return identifier(column); }

std::string Dialect::landed_rows(const TableName& landing, const std::vector<CopiedColumn>& columns) const {
  std::vector<std::string> selected;
  for (const CopiedColumn& column : columns) selected.push_back(copied_value(column, *this) + " AS " + identifier(column.to));
  return fmt::format("(SELECT {} FROM {})", fmt::join(selected, ", "), table(landing));
}

std::string Dialect::same_key(const std::vector<CopiedColumn>&, const std::vector<std::string>& key) const {
  std::vector<std::string> matches;
  for (const std::string& column : key) matches.push_back(fmt::format("target.{0} = source.{0}", identifier(column)));
  return fmt::format("{}", fmt::join(matches, " AND "));
}

std::vector<std::string> Dialect::retype(const TableName& table, const std::string& column, const Type& type,
                                         const std::string& value) const {
  return {fmt::format("ALTER TABLE {} {}", this->table(table), set_type(column, type, value, *this))};
}

std::string Dialect::drop_default(const TableName& table, std::string_view column) const {
  return fmt::format("ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT", this->table(table), identifier(column));
}

std::vector<std::string> Dialect::deduplicate(const Deduplicate& step) const { return deduplicate_sql(step, *this); }

std::vector<std::string> Dialect::merge(const MergeRows& step) const { return merge_sql(step, *this); }

std::vector<std::string> Dialect::close_versions(const CloseVersions& step) const { return versions_sql(step, *this); }

std::vector<std::string> Dialect::insert_versions(const InsertVersions& step) const { return versions_sql(step, *this); }

std::vector<std::string> Dialect::delete_values(const DeleteLandedValues& step) const { return delete_sql(step, *this); }

std::string Dialect::landing_type(const Column& column) const {
  return type(column.inferred ? Type(TypeId::json) : column.type);
}

std::vector<std::string> to_sql(const Step& step, const Dialect& dialect) {
  return std::visit(StepSql{dialect}, step);
}

std::string add_column_sql(const TableName& table, const Column& column, const Dialect& dialect) {
  return fmt::format("ALTER TABLE {} ADD COLUMN {} {}", dialect.table(table),
                     dialect.identifier(column.name), dialect.landing_type(column));
}

}  // namespace ingestr
