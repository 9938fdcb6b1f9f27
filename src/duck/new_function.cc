#include "duck/new_function.h"

#include <fmt/format.h>

#include <utility>

#include "base/error.h"

namespace ingestr::duck {
namespace {

void require_taken(duckdb_state state, const std::string& name) {
  if (state != DuckDBSuccess) throw Error(ErrorKind::internal, fmt::format("DuckDB does not take the function {}", name));
}

}  // namespace

NewScalarFunction::NewScalarFunction(std::string name, std::initializer_list<TypeRef> parameters, const LogicalType& result,
                                     duckdb_scalar_function_t call)
    : name_(std::move(name)), function_(duckdb_create_scalar_function()) {
  duckdb_scalar_function_set_name(function_, name_.c_str());
  for (const LogicalType& parameter : parameters) duckdb_scalar_function_add_parameter(function_, parameter.get());
  duckdb_scalar_function_set_return_type(function_, result.get());
  duckdb_scalar_function_set_function(function_, call);
}

void NewScalarFunction::give_to(duckdb_connection connection) const {
  require_taken(duckdb_register_scalar_function(connection, function_), name_);
}

NewAggregate::NewAggregate(std::string name, const LogicalType& parameter, const LogicalType& result)
    : name_(std::move(name)), function_(duckdb_create_aggregate_function()) {
  duckdb_aggregate_function_set_name(function_, name_.c_str());
  duckdb_aggregate_function_add_parameter(function_, parameter.get());
  duckdb_aggregate_function_set_return_type(function_, result.get());
  duckdb_aggregate_function_set_special_handling(function_);
}

void NewAggregate::give_to(duckdb_connection connection) const {
  require_taken(duckdb_register_aggregate_function(connection, function_), name_);
}

}  // namespace ingestr::duck
