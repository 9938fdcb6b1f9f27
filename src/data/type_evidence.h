// What the values of one column allow as its type, with nothing lost: no digit, no character, no NULL in place of a
// value. Values are JSON's, or the fields of a text file. docs/types.md shows what widens into what.
//
//   values seen                                              type
//   nothing but null                                         null (lands as VARCHAR)
//   booleans                                                 BOOLEAN
//   integers of 64 bits                                      BIGINT
//   integers of up to 38 digits                              DECIMAL(38,0)
//   numbers of which a double gives each one's digits back   DOUBLE (15 significant digits do, some of 16 and 17)
//   other numbers without exponent, 38 digits in all         DECIMAL(p,s)
//   strings, each a strict ISO 8601 date                     DATE
//   strings, each a timestamp with / without zone            TIMESTAMPTZ / TIMESTAMP (whole microseconds)
//   objects or arrays, alone or among others                 JSON
//   anything else                                            VARCHAR, with the original text
//
// A column that is there already may take more: see fits().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "data/exact_value.h"
#include "data/schema.h"

namespace ingestr {

class TypeEvidence {
 public:
  void see_boolean() { seen_ |= kBoolean; }
  void see_number(std::string_view json_text);  // as written, e.g. "-12.50"
  void see_string(std::string_view text);       // decoded
  void see_nested() { seen_ |= kNested; }
  // A field of a text file: TRUE or false in any case is a boolean, what is_number() says a number, the rest a string.
  void see_field(std::string_view text);
  // What was seen elsewhere was seen here too.
  void merge(const TypeEvidence& other);

  Type type() const;
  // Whether a column of `type` takes each value seen as it is: a whole number within its range, a decimal with no digit too many, a date
  // or a time without a zone as one of UTC where there are instants, an instant as UTC where there are times without zone, a UUID in
  // any case. An empty or blank text is NULL there; `form` says whether that may stand for a number or boolean, too. Nothing of the kind
  // for text, JSON, lists, blobs, intervals and REAL.
  bool fits(const Type& type, NumberForm form) const;

  // The narrowest DECIMAL of all numbers seen; nothing: some are none, have an exponent, or want more than 38 digits.
  std::optional<Type> decimal_type() const;

  // For of_text(), where evidence goes through SQL.
  std::string to_text() const;
  static TypeEvidence of_text(std::string_view text);

  // Whether DOUBLE gives back every number seen.
  bool is_short() const { return only_short_; }

  // Whether a field is a number: written as JSON writes one, an exponent only beside a point or with a sign. "00123",
  // "+5", " 5", ".5", "12e5" and "NaN" are text: codes look like that, and would lose their look.
  static bool is_number(std::string_view field);
  // Whether a text is a number of JSON.
  static bool is_json_number(std::string_view text);

 private:
  enum Kind : uint32_t {
    kBoolean = 1,
    kNumber = 2,
    kDate = 4,
    kTimestampZoned = 8,
    kTimestampLocal = 16,
    kText = 32,
    kNested = 64,
    // Texts, of which something comes only where there is a column for it.
    kTime = 128,
    kUuid = 256,
    kBlank = 512,
  };
  Type number_type() const;
  bool has_only(uint32_t kinds) const { return (seen_ & ~kinds) == 0; }

  uint32_t seen_ = 0;
  bool only_int16_ = true;
  bool only_int32_ = true;
  bool only_int64_ = true;
  bool only_integers_ = true;
  bool only_short_ = true;     // at most 15 significant digits, so that a double gives them back
  bool only_plain_ = true;     // no exponent
  uint32_t whole_digits_ = 0;  // most digits before the point
  uint32_t scale_ = 0;         // most digits after the point
};

}  // namespace ingestr
