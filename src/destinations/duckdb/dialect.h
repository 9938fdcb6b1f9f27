// DuckDB's SQL.
#pragma once

#include <string>

#include "sql/dialect.h"

namespace ingestr {

class DuckdbDialect final : public Dialect {
 public:
  // `catalog` is the name that the file is attached under. Schemas and tables are qualified with
  // it, or a schema of the same name could not be told from it.
  explicit DuckdbDialect(std::string catalog) : catalog_(std::move(catalog)) {}

  // In which tables are that are named without one.
  static constexpr std::string_view kDefaultSchema = "main";
  std::string schema(std::string_view name) const override;
  std::string table(const TableName& name) const override;
  std::string type(const Type& type) const override;
  // A plain literal: for a default that is an expression DuckDB would update every row.
  std::string timestamp(SystemTime time) const override;
  std::string converted(const std::string& value, const Type& from, const Type& to) const override;
  // Text is a value of another type when it is written as JSON or, for times, ISO 8601 writes that.
  std::string fitted(const std::string& value, const Type& from, const Type& to) const override;
  std::vector<std::string> decode(const DecodeColumn& step) const override;

 private:
  std::string catalog_;
};

}  // namespace ingestr
