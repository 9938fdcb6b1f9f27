// The functions from text to value, and the aggregate that says which type fits.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <new>

#include "base/error.h"
#include "base/text.h"
#include "data/exact_value.h"
#include "data/type_evidence.h"
#include "duck/exact_sql.h"
#include "duck/failure.h"
#include "duck/functions.h"
#include "duck/new_function.h"
#include "duck/text.h"
#include "duck/values.h"
#include "duck/vectors.h"

namespace ingestr::duck {
namespace {

void refuse(duckdb_function_info info, std::string_view text, std::string_view type) {
  const Error error(ErrorKind::bad_data, fmt::format("the value {} is no {}", shorten(text, kShownValueBytes), type));
  duckdb_scalar_function_set_error(info, raised_text(error).c_str());
}

// A function of one text, for DuckDB. `convert` gives nothing for a text that does not fit.
template <class Value, auto convert, const char* type_name>
void each_value(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const Texts texts(duckdb_data_chunk_get_vector(input, 0));
  auto* values = static_cast<Value*>(duckdb_vector_get_data(output));
  Nulls nulls(output);
  const idx_t rows = duckdb_data_chunk_get_size(input);
  for (idx_t row = 0; row < rows; ++row) {
    if (texts.is_null(row)) {
      nulls.set(row);
      continue;
    }
    const auto value = convert(texts.at(row));
    if (!value) return refuse(info, texts.at(row), type_name);
    values[row] = *value;
  }
}

std::optional<double> field_double(std::string_view text) { return exact_double(text, NumberForm::field); }
std::optional<double> json_double(std::string_view text) { return exact_double(text, NumberForm::json); }
std::optional<bool> nothing_fits(std::string_view) { return std::nullopt; }

constexpr char kBoolean[] = "BOOLEAN";
constexpr char kBigint[] = "BIGINT";
constexpr char kDouble[] = "DOUBLE";
constexpr char kDate[] = "DATE";
constexpr char kTimestamp[] = "TIMESTAMP";
constexpr char kTimestampTz[] = "TIMESTAMPTZ";
constexpr char kNull[] = "NULL";

// The text itself when a DECIMAL of the second and third argument holds it.
void checked_decimal(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const Texts texts(duckdb_data_chunk_get_vector(input, 0));
  const auto* precisions = static_cast<int32_t*>(duckdb_vector_get_data(duckdb_data_chunk_get_vector(input, 1)));
  const auto* scales = static_cast<int32_t*>(duckdb_vector_get_data(duckdb_data_chunk_get_vector(input, 2)));
  Nulls nulls(output);
  const idx_t rows = duckdb_data_chunk_get_size(input);
  for (idx_t row = 0; row < rows; ++row) {
    if (texts.is_null(row)) {
      nulls.set(row);
      continue;
    }
    const auto precision = static_cast<uint32_t>(precisions[row]), scale = static_cast<uint32_t>(scales[row]);
    if (!is_exact_decimal(texts.at(row), precision, scale)) {
      return refuse(info, texts.at(row), fmt::format("DECIMAL({},{})", precision, scale));
    }
    set_text(output, row, texts.at(row));
  }
}

// The text itself when a column of the type that the arguments behind it say takes it.
void checked_fitting(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const Texts texts(duckdb_data_chunk_get_vector(input, 0));
  const idx_t rows = duckdb_data_chunk_get_size(input);
  if (rows == 0) return;
  // The same in all rows.
  const auto number = [&](idx_t argument) { return static_cast<int32_t*>(duckdb_vector_get_data(duckdb_data_chunk_get_vector(input, argument)))[0]; };
  Type type(static_cast<TypeId>(number(1)));
  if (type.id == TypeId::decimal) type = Type::decimal(static_cast<uint8_t>(number(2)), static_cast<uint8_t>(number(3)));
  Nulls nulls(output);
  for (idx_t row = 0; row < rows; ++row) {
    if (texts.is_null(row) || trim(texts.at(row)).empty()) {
      nulls.set(row);
      continue;
    }
    TypeEvidence evidence;
    evidence.see_field(texts.at(row));
    if (!evidence.fits(type, NumberForm::field)) return refuse(info, texts.at(row), to_string(type));
    set_text(output, row, texts.at(row));
  }
}

// The text itself: a cast to JSON would parse it once more, and refuse half of a surrogate pair, which JSON may hold.
void text_as_json(duckdb_function_info, duckdb_data_chunk input, duckdb_vector output) {
  duckdb_vector_reference_vector(output, duckdb_data_chunk_get_vector(input, 0));
}

struct Function {
  const char* name;
  duckdb_type result;
  duckdb_scalar_function_t call;
};

// The SQL function of a type; nothing where the text is the value, or for decimal.
const char* function_of(TypeId type, NumberForm form) {
  switch (type) {
    case TypeId::boolean: return "_ingestr_boolean";
    case TypeId::bigint: return "_ingestr_bigint";
    case TypeId::double_: return form == NumberForm::json ? "_ingestr_json_double" : "_ingestr_double";
    case TypeId::date: return "_ingestr_date";
    case TypeId::timestamp: return "_ingestr_timestamp";
    case TypeId::timestamp_tz: return "_ingestr_timestamp_tz";
    case TypeId::null: return "_ingestr_null";
    case TypeId::json: return "_ingestr_json";
    case TypeId::decimal:
    case TypeId::varchar: return nullptr;
    case TypeId::smallint:
    case TypeId::integer:
    case TypeId::real:
    case TypeId::blob:
    case TypeId::time:
    case TypeId::uuid:
    case TypeId::interval:
    case TypeId::list: break;
  }
  throw Error(ErrorKind::internal, fmt::format("no text is read as {}", to_string(Type(type))));
}

constexpr Function kFunctions[] = {
    {"_ingestr_boolean", DUCKDB_TYPE_BOOLEAN, each_value<bool, exact_boolean, kBoolean>},
    {"_ingestr_bigint", DUCKDB_TYPE_BIGINT, each_value<int64_t, exact_bigint, kBigint>},
    {"_ingestr_double", DUCKDB_TYPE_DOUBLE, each_value<double, field_double, kDouble>},
    {"_ingestr_json_double", DUCKDB_TYPE_DOUBLE, each_value<double, json_double, kDouble>},
    {"_ingestr_date", DUCKDB_TYPE_DATE, each_value<int32_t, exact_date, kDate>},
    {"_ingestr_timestamp", DUCKDB_TYPE_TIMESTAMP, each_value<int64_t, exact_timestamp, kTimestamp>},
    {"_ingestr_timestamp_tz", DUCKDB_TYPE_TIMESTAMP_TZ, each_value<int64_t, exact_timestamp_tz, kTimestampTz>},
    {"_ingestr_null", DUCKDB_TYPE_BOOLEAN, each_value<bool, nothing_fits, kNull>},
};

// ---- the aggregate

TypeEvidence& evidence_of(duckdb_aggregate_state state) { return *reinterpret_cast<TypeEvidence*>(state); }

idx_t evidence_size(duckdb_function_info) { return sizeof(TypeEvidence); }

void evidence_init(duckdb_function_info, duckdb_aggregate_state state) { new (state) TypeEvidence; }

void evidence_update(duckdb_function_info, duckdb_data_chunk input, duckdb_aggregate_state* states) {
  const Texts texts(duckdb_data_chunk_get_vector(input, 0));
  const idx_t rows = duckdb_data_chunk_get_size(input);
  for (idx_t row = 0; row < rows; ++row) {
    if (!texts.is_null(row)) evidence_of(states[row]).see_field(texts.at(row));
  }
}

void evidence_combine(duckdb_function_info, duckdb_aggregate_state* from, duckdb_aggregate_state* to, idx_t count) {
  for (idx_t i = 0; i < count; ++i) evidence_of(to[i]).merge(evidence_of(from[i]));
}

void evidence_finalize(duckdb_function_info, duckdb_aggregate_state* states, duckdb_vector result, idx_t count,
                       idx_t offset) {
  for (idx_t i = 0; i < count; ++i) set_text(result, offset + i, evidence_of(states[i]).to_text());
}

}  // namespace

void register_exact_values(duckdb_connection connection) {
  const LogicalType text(DUCKDB_TYPE_VARCHAR), integer(DUCKDB_TYPE_INTEGER), json(DUCKDB_TYPE_VARCHAR);
  duckdb_logical_type_set_alias(json.get(), "JSON");
  for (const Function& function : kFunctions) {
    NewScalarFunction(function.name, {text}, LogicalType(function.result), function.call).give_to(connection);
  }
  NewScalarFunction("_ingestr_decimal", {text, integer, integer}, text, checked_decimal).give_to(connection);
  NewScalarFunction("_ingestr_fitting", {text, integer, integer, integer}, text, checked_fitting).give_to(connection);
  NewScalarFunction("_ingestr_json", {text}, json, text_as_json).give_to(connection);
  const NewAggregate evidence("_ingestr_evidence", text, text);
  duckdb_aggregate_function_set_functions(evidence.get(), evidence_size, evidence_init, evidence_update, evidence_combine,
                                          evidence_finalize);
  evidence.give_to(connection);
}

std::string exact_sql(const std::string& text, const Type& type, NumberForm form) {
  if (type.id == TypeId::decimal) {
    return fmt::format("CAST(_ingestr_decimal({}, {}, {}) AS {})", text, type.precision, type.scale, to_string(type));
  }
  const char* function = function_of(type.id, form);
  if (function == nullptr) return text;
  const std::string call = fmt::format("{}({})", function, text);
  return type.id == TypeId::null ? fmt::format("CAST({} AS VARCHAR)", call) : call;
}

std::string evidence_sql(const std::string& text) { return fmt::format("_ingestr_evidence({})", text); }

std::string fitting_sql(const std::string& text, const Type& type) {
  const std::string checked = fmt::format("_ingestr_fitting({}, {}, {}, {})", text, static_cast<int>(type.id), type.precision, type.scale);
  return strict_cast({checked, TypeId::varchar}, type).value;
}

}  // namespace ingestr::duck
