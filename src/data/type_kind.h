// Kinds of types.
#pragma once

#include "data/schema.h"

namespace ingestr {

inline bool is_integer(const Type& type) {
  return type.id == TypeId::smallint || type.id == TypeId::integer || type.id == TypeId::bigint;
}

inline bool is_float(const Type& type) { return type.id == TypeId::real || type.id == TypeId::double_; }

// Of the values in lists, however deep; else the type itself.
inline const Type& innermost(const Type& type) { return type.id == TypeId::list ? innermost(*type.element) : type; }

}  // namespace ingestr
