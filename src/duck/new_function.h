// Functions on their way into an engine. For src/duck only.
#pragma once

#include <duckdb.h>

#include <functional>
#include <initializer_list>
#include <string>

namespace ingestr::duck {

class LogicalType {
 public:
  explicit LogicalType(duckdb_type type) : LogicalType(duckdb_create_logical_type(type)) {}
  // Takes it over.
  explicit LogicalType(duckdb_logical_type type) : type_(type) {}
  ~LogicalType() { duckdb_destroy_logical_type(&type_); }
  LogicalType(const LogicalType&) = delete;
  LogicalType& operator=(const LogicalType&) = delete;
  duckdb_logical_type get() const { return type_; }

 private:
  duckdb_logical_type type_;
};

using TypeRef = std::reference_wrapper<const LogicalType>;

// get() is for what else DuckDB lets be said of one.
class NewScalarFunction {
 public:
  NewScalarFunction(std::string name, std::initializer_list<TypeRef> parameters, const LogicalType& result, duckdb_scalar_function_t call);
  ~NewScalarFunction() { duckdb_destroy_scalar_function(&function_); }
  NewScalarFunction(const NewScalarFunction&) = delete;
  NewScalarFunction& operator=(const NewScalarFunction&) = delete;
  duckdb_scalar_function get() const { return function_; }

  // Throws Error(internal) when the engine does not take it.
  void give_to(duckdb_connection connection) const;

 private:
  std::string name_;
  duckdb_scalar_function function_;
};

// Of one parameter. It is called for NULL too.
class NewAggregate {
 public:
  NewAggregate(std::string name, const LogicalType& parameter, const LogicalType& result);
  ~NewAggregate() { duckdb_destroy_aggregate_function(&function_); }
  NewAggregate(const NewAggregate&) = delete;
  NewAggregate& operator=(const NewAggregate&) = delete;
  duckdb_aggregate_function get() const { return function_; }

  // Likewise.
  void give_to(duckdb_connection connection) const;

 private:
  std::string name_;
  duckdb_aggregate_function function_;
};

}  // namespace ingestr::duck
