// Kinds of numbers.
#pragma once

#include "data/schema.h"

namespace ingestr {

inline bool is_integer(const Type& type) {
  return type.id == TypeId::smallint || type.id == TypeId::integer || type.id == TypeId::bigint;
}

inline bool is_float(const Type& type) { return type.id == TypeId::real || type.id == TypeId::double_; }

}  // namespace ingestr
