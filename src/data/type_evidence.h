// What the JSON values of one key allow as a column type, with nothing lost: no digit, no character, no NULL in place
// of a value.
//
//   values seen                                              type
//   nothing but null                                         null (lands as VARCHAR)
//   booleans                                                 BOOLEAN
//   integers of 64 bits                                      BIGINT
//   integers of up to 38 digits                              DECIMAL(38,0)
//   numbers of which each has at most 15 significant digits  DOUBLE
//   other numbers without exponent, 38 digits in all         DECIMAL(p,s)
//   strings, each a strict ISO 8601 date                     DATE
//   strings, each a timestamp with / without zone            TIMESTAMPTZ / TIMESTAMP (whole microseconds)
//   objects or arrays, alone or among others                 JSON
//   anything else                                            VARCHAR, with the original text
#pragma once

#include <cstdint>
#include <string_view>

#include "data/schema.h"

namespace ingestr {

class TypeEvidence {
 public:
  void see_boolean() { seen_ |= kBoolean; }
  void see_number(std::string_view json_text);  // as written, e.g. "-12.50"
  void see_string(std::string_view text);       // decoded
  void see_nested() { seen_ |= kNested; }

  Type type() const;

 private:
  enum Kind : uint8_t {
    kBoolean = 1,
    kNumber = 2,
    kDate = 4,
    kTimestampZoned = 8,
    kTimestampLocal = 16,
    kText = 32,
    kNested = 64,
  };
  Type number_type() const;

  uint8_t seen_ = 0;
  bool only_int64_ = true;
  bool only_integers_ = true;
  bool only_short_ = true;     // at most 15 significant digits, so that a double gives them back
  bool only_plain_ = true;     // no exponent
  uint32_t whole_digits_ = 0;  // most digits before the point
  uint32_t scale_ = 0;         // most digits after the point
};

}  // namespace ingestr
