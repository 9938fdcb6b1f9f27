// PostgreSQL's types and ours.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "data/schema.h"

namespace ingestr::database {

inline constexpr std::string_view kPostgres = "PostgreSQL";  // of a SourceType

// The type of a column that takes ours. What a list of lists holds is JSON: PostgreSQL's arrays have rows of one length only.
std::string postgres_type(const Type& type);

// Ours, of a column whose type format_type() writes so, with its length or precision. Nothing: we have none.
std::optional<Type> type_of_postgres(std::string_view type);

// The type of a new column that takes any value of one of this type, or of lists of it, where ours is another one. Both are as format_type() writes
// them, without length or precision. Nothing: ours has to do, for the type may not be there in another database, rounds or cuts, or its
// values mean something else there.
std::optional<std::string> carried_type(std::string_view type);

// Whether its values, or those of lists of it, have an equality by which they can be told apart.
bool has_equality(std::string_view type);

// Of any precision and scale; not a list.
bool is_numeric(std::string_view type);

// Whether a cast of text to a type of PostgreSQL's, or to lists of it, may take a part of the text, or round it, and say nothing.
bool casts_round(std::string_view type);

// Whether it is a type of times of ours, or of lists of them, with fewer digits of a second than we have.
bool rounds_times(std::string_view type);

}  // namespace ingestr::database
