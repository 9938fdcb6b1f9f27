// Mask: how the values of one column are hidden on their way.
//
//   algorithm           parameter      what becomes of a value                                   type
//   hash, sha256                       its SHA-256, as hexadecimal digits                         VARCHAR
//   md5                                its MD5                                                    VARCHAR
//   hmac                the key        its HMAC-SHA-256 with that key                             VARCHAR
//   uuid                               a UUID made of its SHA-256                                 VARCHAR
//   redact                             REDACTED                                                   VARCHAR
//   fixed               the text       that text                                                  VARCHAR
//   stars                              a star for each character                                  VARCHAR
//   email                              j***@example.com; *** when it is no address                VARCHAR
//   phone                              the last four digits stay, other letters and digits are *  VARCHAR
//   credit_card                        ****-****-****-1234; no digit of fewer than 12             VARCHAR
//   ssn                                ***-**-6789; no digit unless there are nine                VARCHAR
//   partial             how many (2)   so many characters at both ends stay, the others are *     VARCHAR
//   first_letter                       J***                                                       VARCHAR
//   sequential                         1, 2, 3… in the order in which values come                 BIGINT
//   random                             a number from 0 to 999999                                  BIGINT
//   round               to what (10)   the nearest multiple                                       BIGINT
//   range               width (100)    100-200: from 100 on, below 200                            VARCHAR
//   noise               share (0.1)    a number at most that share away                           DOUBLE
//   date_shift          days (30)      a date, or time, 1 to so many days earlier or later        the column's
//   year_only                          the year                                                   BIGINT
//   month_year                         YYYY-MM                                                    VARCHAR
//
// NULL stays NULL. One value gives one result, in a run; in all runs with hash, md5, hmac and uuid. (phone and those below
// it that keep a part do so too, but do not keep values apart.)
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "data/schema.h"
#include "duck/function.h"
#include "duck/values.h"

namespace ingestr {

enum class MaskAlgorithm {
  sha256,
  md5,
  hmac,
  uuid,
  redact,
  fixed,
  stars,
  email,
  phone,
  credit_card,
  ssn,
  partial,
  first_letter,
  sequential,
  random,
  round,
  range,
  noise,
  date_shift,
  year_only,
  month_year,
};

struct Mask {
  std::string column;  // as the user names it
  MaskAlgorithm algorithm = MaskAlgorithm::sha256;
  std::string parameter;  // the default where none is given; a secret for hmac
};

// `column:algorithm[:parameter]` each, algorithms in any case. Throws Error(usage) for what is none, for an algorithm that
// there is not, for a parameter that is missing, too much or no number, and for a column that is there twice. Never repeats
// a parameter.
std::vector<Mask> parse_masks(const std::vector<std::string>& texts);

// As users write it: "credit_card".
std::string_view to_string(MaskAlgorithm algorithm);

// Whether different values stay different, and the same in all runs, so that rows can be told apart by them.
bool keeps_keys(MaskAlgorithm algorithm);

// What a mask makes of a column.
struct MaskedValue {
  duck::Value value;
  std::string fits;                        // a condition that a value which is not NULL must fulfil; empty: any will do
  std::string wanted;                      // "number"; what a value is that fulfils it
  std::vector<duck::TextFunction> needed;  // by `value`
};

// Throws Error(unsupported) naming column and mask when the mask can do nothing with values of that type.
MaskedValue masked(const Mask& mask, const duck::Value& value);

}  // namespace ingestr
