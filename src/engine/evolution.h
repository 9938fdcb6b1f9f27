// Evolution: how a table that exists takes rows of another shape, without losing a value.
#pragma once

#include <optional>
#include <vector>

#include "data/schema.h"
#include "engine/contract.h"
#include "engine/step.h"

namespace ingestr {

// The narrowest type that holds what columns of both types hold:
//
//   one type                              that type; for lists that of their elements
//   two integers                          the wider one
//   integer or decimal, decimal           DECIMAL with the digits of both, if those are at most 38
//   number, REAL or DOUBLE                DOUBLE; REAL if it holds both
//   date, timestamp                       TIMESTAMP
//   date, instant                         TIMESTAMPTZ, the date's midnight in UTC
//   nothing but NULL, anything            the other
//   JSON or a list, anything else         JSON
//   anything else                         VARCHAR
//
// Nothing for a blob beside anything but a blob or NULL: as text its bytes could not be told from text.
std::optional<Type> wider_type(const Type& a, const Type& b);

// Whether each value of `narrow` survives the way to `wide`, one of its wider types, and back. Not a big integer's or
// decimal's to DOUBLE, for example: there it takes a look at the values.
bool holds(const Type& wide, const Type& narrow);

// Whether a value of one of the types may be one of the other as well: both are numbers, or both date or timestamp, or both
// lists.
bool are_akin(const Type& a, const Type& b);

// The target's column of that name; if there is none, of that name in another case.
const Column* find_column(const Schema& schema, std::string_view name);

// What brings rows from a landing table into the columns of a target.
struct Evolution {
  std::vector<Step> decode;           // of the landing table: gives inferred columns their types
  std::vector<Step> discard;          // of the landing table, once it has all columns: takes out what is discarded
  std::vector<Step> steps;            // checks, new columns and wider types of the target
  std::vector<CopiedColumn> columns;  // every one that is copied, once that is done
};

// Columns that only the target has stay as they are. So does its own load timestamp, as a time with or without a zone. Throws Error: bad_data, listing all of them, when `contract` forbids the
// changes that the columns need; unsupported, naming column and types, when no type holds both what is in the target and
// what landed, or when no column is left.
Evolution evolve(const TableName& target, const Schema& existing, const TableName& landing, const Schema& landed,
                 Contract contract = Contract::evolve);

}  // namespace ingestr
