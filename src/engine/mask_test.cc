#include "engine/mask.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "engine/mask_functions.h"
#include "engine/transforms.h"
#include "support/batches.h"
#include "support/fault.h"

namespace ingestr {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const auto kNull = std::nullopt;

struct Masked {
  Column column;
  Cells cells;
};

// What `mask` makes of a column of these values.
Masked run(const std::string& mask, const Column& column, const Cells& values) {
  ColumnWishes wishes;
  wishes.masks = parse_masks({column.name + ":" + mask});
  const Schema schema{{column}};
  Transforms transforms(wishes, {.source = schema});
  std::vector<Cells> rows;
  for (const auto& value : values) rows.push_back({value});
  Batch batch = transforms.apply(batch_of(schema, rows));
  return {batch.schema().columns[0], cells(batch, 0)};
}

std::optional<std::string> one(const std::string& mask, const Column& column, const std::string& value) {
  return run(mask, column, {value}).cells[0];
}

const Column kText{"a", TypeId::varchar, false};
const Column kJsonText{"a", TypeId::varchar, true};

struct Case {
  const char* mask;
  const char* value;
  const char* result;
};

constexpr Case kCases[] = {
    {"hash", "jo@example.com", "f4e19df2e6c609fbd59a42b9063d0fadf44260218531ea21ad8c575f205c0453"},
    {"sha256", "é", "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"},
    {"md5", "a", "0cc175b9c0f1b6a831c399e269772661"},
    // RFC 4231, test case 2.
    {"hmac:Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {"uuid", "a", "ca978112-ca1b-8dca-aac2-31b39a23dc4d"},
    {"redact", "anything", "REDACTED"},
    {"fixed:a:b 'c'", "anything", "a:b 'c'"},
    {"stars", "größe", "*****"},
    {"stars", "", ""},
    {"email", "john.doe@example.com", "j***@example.com"},
    {"email", "ödön@example.com", "ö***@example.com"},
    {"email", "no address", "***"},
    {"email", "a@b@c", "***"},
    {"email", "@example.com", "***"},
    {"phone", "+1 (555) 123-4567", "+* (***) ***-4567"},
    {"phone", "5551234567 ext. Zoë", "******4567 ***. ***"},
    {"phone", "12345", "*****"},
    {"credit_card", "4111 1111 1111 1234", "****-****-****-1234"},
    {"credit_card", "1234", "****-****-****-****"},
    {"ssn", "123-45-6789", "***-**-6789"},
    {"ssn", "6789", "***-**-****"},
    {"partial", "johnson", "jo***on"},
    {"partial:1", "größe", "g***e"},
    {"partial", "John", "****"},
    {"partial", "名前は秘密", "名前*秘密"},
    {"first_letter", "Éva", "É***"},
    {"first_letter", "", ""},
    {"round", "1234.5", "1230"},
    {"round:100", "-151", "-200"},
    {"range", "150.5", "100-200"},
    {"range:10", "-1", "-10-0"},
    {"year_only", "2026-11-24T07:05:09+02:00", "2026"},
    {"month_year", "2026-11-24", "2026-11"},
};

// All of the table at once, in a column for each case, with the values as `column` has them.
void expect_table(bool inferred) {
  ColumnWishes wishes;
  Schema schema;
  Cells row;
  for (const Case& each : kCases) {
    const std::string name = "a" + std::to_string(row.size());
    wishes.masks.push_back(parse_masks({name + ":" + each.mask})[0]);
    schema.columns.push_back({name, TypeId::varchar, inferred});
    row.emplace_back(inferred ? "\"" + std::string(each.value) + "\"" : each.value);
  }
  Transforms transforms(wishes, {.source = schema});
  Batch batch = transforms.apply(batch_of(schema, {row}));
  for (size_t i = 0; i < row.size(); ++i) {
    EXPECT_EQ(cells(batch, i)[0], kCases[i].result) << kCases[i].mask << " of " << kCases[i].value;
  }
}

TEST(Masks, TableOfText) { expect_table(false); }

// A column that nobody declared travels as JSON text, and is masked as what the text says.
TEST(Masks, OfInferredColumnsAreTheSame) {
  expect_table(true);
  EXPECT_EQ(one("sha256", kJsonText, R"("\u00e9")"), one("sha256", kText, "é"));
  EXPECT_EQ(one("round", kJsonText, "17"), "20");
  EXPECT_EQ(one("email", kJsonText, R"({"at":"jo@example.com"})"), "***");
  EXPECT_EQ(one("phone", kJsonText, R"(["+1 555 123 4567"])"), "***");
}

TEST(Masks, NullStaysNull) {
  for (const char* mask : {"hash", "sha256", "md5", "hmac:k", "uuid", "redact", "fixed:x", "stars", "email", "phone",
                           "credit_card", "ssn", "partial", "first_letter", "sequential", "random", "round", "range", "noise",
                           "date_shift", "year_only", "month_year"}) {
    EXPECT_EQ(run(mask, kText, {kNull, kNull}).cells, (Cells{kNull, kNull})) << mask;
    EXPECT_EQ(run(mask, kJsonText, {kNull}).cells, (Cells{kNull})) << mask;
  }
}

TEST(Masks, TypesOfResults) {
  const std::pair<const char*, Type> types[] = {
      {"hash", TypeId::varchar},       {"md5", TypeId::varchar},     {"hmac:k", TypeId::varchar}, {"uuid", TypeId::varchar},
      {"redact", TypeId::varchar},     {"fixed:x", TypeId::varchar}, {"stars", TypeId::varchar},  {"email", TypeId::varchar},
      {"phone", TypeId::varchar},      {"ssn", TypeId::varchar},     {"partial", TypeId::varchar}, {"first_letter", TypeId::varchar},
      {"credit_card", TypeId::varchar}, {"range", TypeId::varchar},  {"month_year", TypeId::varchar},
      {"sequential", TypeId::bigint},  {"random", TypeId::bigint},   {"round", TypeId::bigint},   {"year_only", TypeId::bigint},
      {"noise", TypeId::double_},
  };
  for (const auto& [mask, type] : types) {
    EXPECT_EQ(run(mask, kText, {kNull}).column, (Column{"a", type, false})) << mask;
    EXPECT_EQ(run(mask, kJsonText, {kNull}).column, (Column{"a", type, false})) << mask;
  }
  for (const TypeId id : {TypeId::date, TypeId::timestamp, TypeId::timestamp_tz, TypeId::varchar}) {
    EXPECT_EQ(run("date_shift", {"a", id, false}, {kNull}).column.type, Type(id));
  }
  // It keeps its form, and so gets the type that it would have got.
  EXPECT_EQ(run("date_shift", {"a", TypeId::date, true}, {kNull}).column, (Column{"a", TypeId::date, true}));
}

TEST(Masks, OfTypedColumns) {
  EXPECT_EQ(one("hash", {"a", TypeId::bigint, false}, "42"), one("hash", kText, "42"));
  EXPECT_EQ(one("hash", {"a", TypeId::boolean, false}, "true"), one("hash", kText, "true"));
  EXPECT_EQ(one("hash", {"a", TypeId::uuid, false}, "ca978112-ca1b-8dca-afac-1b39a23dc4da"),
            one("hash", kText, "ca978112-ca1b-8dca-afac-1b39a23dc4da"));
  EXPECT_EQ(one("hash", {"a", TypeId::blob, false}, "a"), one("hash", kText, "a"));
  EXPECT_EQ(one("redact", {"a", TypeId::json, false}, R"({"a":1})"), "REDACTED");
  EXPECT_EQ(one("round", {"a", TypeId::bigint, false}, "-15"), "-20");
  EXPECT_EQ(one("round:100", {"a", Type::decimal(10, 2), false}, "149.99"), "100");
  EXPECT_EQ(one("range", {"a", TypeId::double_, false}, "100"), "100-200");
  EXPECT_EQ(one("year_only", {"a", TypeId::date, false}, "1999-12-31"), "1999");
  EXPECT_EQ(one("month_year", {"a", TypeId::timestamp_tz, false}, "2026-01-01T00:30:00+02:00"), "2025-12");
  EXPECT_EQ(one("hash", {"a", Type::list_of(TypeId::varchar), false}, "|a|~|é|"),
            "[ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb, NULL, "
            "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c]");
}

TEST(Masks, OneValueGivesOneResultInARun) {
  const Cells values = {"7", "8", "7", kNull, "8"};
  const Cells sequence = run("sequential", kText, values).cells;
  EXPECT_EQ(sequence, (Cells{"1", "2", "1", kNull, "2"}));
  for (const char* mask : {"random", "noise"}) {
    const Cells cells = run(mask, kText, values).cells;
    EXPECT_EQ(cells[0], cells[2]) << mask;
    EXPECT_EQ(cells[1], cells[4]) << mask;
    EXPECT_NE(cells[0], cells[1]) << mask;
  }
  const Cells dates = run("date_shift:1000", kText, {"2026-01-01", "2026-01-01"}).cells;
  EXPECT_EQ(dates[0], dates[1]);
}

TEST(Masks, RunsDifferUnlessTheMaskKeepsKeys) {
  for (const char* mask : {"hash", "md5", "hmac:k", "uuid"}) EXPECT_EQ(one(mask, kText, "7"), one(mask, kText, "7")) << mask;
  EXPECT_NE(one("hmac:k", kText, "7"), one("hmac:l", kText, "7"));
  EXPECT_NE(one("noise", kText, "7"), one("noise", kText, "7"));
}

TEST(Masks, NoiseAndShiftsStayWithinTheirBounds) {
  Cells numbers, dates;
  for (int i = 0; i < 500; ++i) {
    numbers.emplace_back(std::to_string(1000 + i));
    dates.emplace_back("2026-07-" + std::string(i % 2 == 0 ? "01" : "02") + "T00:00:00." + std::to_string(1000 + i));
  }
  const Cells noisy = run("noise:0.2", {"a", TypeId::bigint, false}, numbers).cells;
  double least = 9, most = 0;
  for (int i = 0; i < 500; ++i) {
    const double share = std::stod(*noisy[i]) / (1000 + i);
    least = std::min(least, share);
    most = std::max(most, share);
  }
  EXPECT_GE(least, 0.8);
  EXPECT_LT(least, 0.85);
  EXPECT_LE(most, 1.2);
  EXPECT_GT(most, 1.15);

  bool earlier = false, later = false;
  const Cells shifted = run("date_shift:3", {"a", TypeId::timestamp, false}, dates).cells;
  const Cells before = [&] {
    const Schema schema{{{"a", TypeId::timestamp, false}}};
    std::vector<Cells> rows;
    for (const auto& date : dates) rows.push_back({date});
    Batch batch = batch_of(schema, rows);
    return cells(batch, 0);
  }();
  for (int i = 0; i < 500; ++i) {
    const int64_t micros = std::stoll(*shifted[i]) - std::stoll(*before[i]);
    constexpr int64_t kDay = 86'400'000'000;
    EXPECT_EQ(micros % kDay, 0);
    EXPECT_NE(micros, 0);
    EXPECT_LE(std::abs(micros), 3 * kDay);
    earlier = earlier || micros < 0;
    later = later || micros > 0;
  }
  EXPECT_TRUE(earlier && later);
}

TEST(Masks, DateShiftKeepsTheForm) {
  const auto text = one("date_shift", kText, "2026-07-15T01:02:03.5+02:00");
  EXPECT_EQ(text->substr(10), "T01:02:03.5+02:00");
  const auto json = one("date_shift", {"a", TypeId::date, true}, "\"2026-07-15\"");
  EXPECT_EQ(json->size(), 12U);
  EXPECT_THAT(*json, StartsWith("\"2026-0"));
}

std::string fault(const std::string& mask, const Column& column, const Cells& values) {
  return fault_of([&] { run(mask, column, values); });
}

TEST(Masks, AValueThatTheMaskCannotReadIsNamedButNotShown) {
  EXPECT_EQ(fault("date_shift", kText, {"2026-01-01", kNull, "secret person"}),
            "bad_data: row 3, column a: the value that is masked is no date or time, as the mask date_shift needs it");
  EXPECT_EQ(fault("round", kJsonText, {"1", "\"secret person\""}),
            "bad_data: row 2, column a: the value that is masked is no number of at most 18 digits, as the mask round needs it");
  EXPECT_THAT(fault("range", {"a", TypeId::double_, false}, {"1e300"}), HasSubstr("row 1, column a: the value that is masked"));
}

TEST(Masks, AColumnThatTheMaskCannotHideIsNamed) {
  EXPECT_EQ(fault("round", {"a", TypeId::date, false}, {}),
            "unsupported: the mask round cannot hide column a, which is DATE: it needs numbers");
  EXPECT_EQ(fault("date_shift", {"a", TypeId::bigint, false}, {}),
            "unsupported: the mask date_shift cannot hide column a, which is BIGINT: it needs dates or times");
  EXPECT_THAT(fault("partial", {"a", TypeId::json, false}, {}),
              HasSubstr("the mask partial cannot hide column a, which is JSON: it keeps a part of a text"));
  EXPECT_THAT(fault("random", {"a", Type::list_of(TypeId::varchar), false}, {}), HasSubstr("column a, which is VARCHAR[]"));
  EXPECT_THAT(fault("hash", {"a", Type::list_of(TypeId::bigint), false}, {}), HasSubstr("column a, which is BIGINT[]"));
}

std::string parse_fault(const std::vector<std::string>& masks) {
  try {
    parse_masks(masks);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "";
}

TEST(MaskFlags, WhatIsWrongIsNamed) {
  EXPECT_THAT(parse_fault({"email"}), StartsWith("a mask is written column:algorithm"));
  EXPECT_THAT(parse_fault({":hash"}), StartsWith("a mask is written column:algorithm"));
  EXPECT_THAT(parse_fault({"email:redcat"}), StartsWith("email: there is no mask \"redcat\"; there are hash, "));
  EXPECT_THAT(parse_fault({"email:redcat"}), HasSubstr(", month_year; did you mean redact?"));
  EXPECT_EQ(parse_fault({"email:hmac"}), "email: the mask hmac needs a key, as in column:hmac:KEY");
  EXPECT_EQ(parse_fault({"email:fixed:"}), "email: the mask fixed needs a text, as in column:fixed:TEXT");
  EXPECT_EQ(parse_fault({"email:hash:salt"}), "email: the mask hash takes no parameter; leave out what is behind it");
  for (const char* bad : {"a:partial:0", "a:partial:x", "a:partial:-1", "a:partial:1.5"}) {
    EXPECT_EQ(parse_fault({bad}), "a: the mask partial takes a whole number from 1 on, as in column:partial:2");
  }
  EXPECT_THAT(parse_fault({"a:date_shift:99999"}), HasSubstr("takes a whole number from 1 on"));
  for (const char* bad : {"a:noise:0", "a:noise:2", "a:noise:x"}) {
    EXPECT_EQ(parse_fault({bad}), "a: the mask noise takes a number above 0 up to 1, as in column:noise:0.1");
  }
  EXPECT_EQ(parse_fault({"a:hash", "A:redact"}), "the column A has two masks; choose one");
}

TEST(MaskFlags, AlgorithmsInAnyCaseAndTheirDefaults) {
  const auto masks = parse_masks({"a:HASH", " b : Partial ", "c:partial:", "d:fixed:x:y"});
  EXPECT_EQ(masks[0].algorithm, MaskAlgorithm::sha256);
  EXPECT_EQ(masks[1].column, "b");
  EXPECT_EQ(masks[1].parameter, "2");
  EXPECT_EQ(masks[2].parameter, "2");
  EXPECT_EQ(masks[3].parameter, "x:y");
}

}  // namespace
}  // namespace ingestr
