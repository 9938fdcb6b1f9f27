#include "engine/transforms.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/batches.h"
#include "support/fault.h"

namespace ingestr {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const auto kNull = std::nullopt;

Column text(std::string name) { return {std::move(name), TypeId::varchar, false}; }
Column inferred(std::string name, const Type& type = TypeId::varchar) { return {std::move(name), type, true}; }

ColumnWishes columns(std::string_view text) {
  ColumnWishes wishes;
  wishes.overrides = parse_columns(text);
  return wishes;
}

// The rows of a whole batch, column by column.
std::vector<Cells> all(Batch batch) {
  std::vector<Cells> found;
  for (size_t i = 0; i < batch.schema().columns.size(); ++i) found.push_back(cells(batch, i));
  return found;
}

std::string fault(const ColumnWishes& wishes, const Schema& source) {
  return fault_of([&] { Transforms(wishes, {.source = source}); });
}

// What a column declared as `from` becomes under --columns a:type.
std::string cast(const Column& from, const std::string& type, const std::string& value) {
  Transforms transforms(columns("a:" + type), {.source = Schema{{from}}});
  try {
    Batch batch = transforms.apply(batch_of(Schema{{from}}, {{value}}));
    return cells(batch, 0)[0].value_or("NULL");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_data);
    return error.what();
  }
}

TEST(Transforms, WithoutWishesRowsPassAsTheyAre) {
  const Schema schema{{text("id"), text("name")}};
  Transforms transforms({}, {.source = schema});
  EXPECT_EQ(transforms.schema(), schema);
  EXPECT_FALSE(transforms.plan().changes_values());
  EXPECT_THAT(all(transforms.apply(batch_of(schema, {{"1", "a"}, {"2", kNull}}))),
              ElementsAre(Cells{"1", "2"}, Cells{"a", kNull}));
}

TEST(Transforms, AColumnIsOfItsSourcesTypeUntilItsValuesAreOthers) {
  const Type inet = Type(TypeId::varchar).of_source({"PostgreSQL", "inet"});
  ColumnWishes wishes = columns("host::b,c:text");
  wishes.trim = true;
  wishes.masks = parse_masks({"d:hash"});
  const Transforms transforms(wishes, {.source = Schema{{{"a", inet}, {"b", inet}, {"c", inet}, {"d", inet}}}});
  std::vector<std::string> those;
  for (const Column& column : transforms.schema().columns) {
    if (column.type.source) those.push_back(column.name + " " + column.type.source->name);
  }
  EXPECT_THAT(those, ElementsAre("a inet", "host inet"));
}

TEST(Transforms, ColumnsThatComeLaterLandAtTheEnd) {
  Transforms transforms({}, {.source = Schema{{text("id")}}});
  transforms.apply(batch_of(Schema{{text("id")}}, {{"1"}}));
  const Schema later{{text("id"), inferred("newKey", TypeId::bigint)}};
  EXPECT_THAT(all(transforms.apply(batch_of(later, {{"2", "7"}}))), ElementsAre(Cells{"2"}, Cells{"7"}));
  EXPECT_EQ(transforms.schema(), (Schema{{text("id"), inferred("new_key", TypeId::bigint)}}));
}

// Behaviour 24.
TEST(Transforms, ColumnsAreLeftOutBySourceOrDestinationName) {
  const Schema schema{{text("userName"), text("id"), text("zip")}};
  for (const char* word : {"userName", "user_name", "USERNAME", "USER_NAME"}) {
    ColumnWishes wishes = columns("code::zip");
    wishes.excluded = {word};
    EXPECT_THAT(Transforms(wishes, {.source = schema}).schema().names(), ElementsAre("id", "code")) << word;
    wishes.excluded = {word, "code"};
    EXPECT_THAT(Transforms(wishes, {.source = schema}).schema().names(), ElementsAre("id")) << word;
  }
  ColumnWishes wishes;
  wishes.excluded = {"nme"};
  EXPECT_EQ(fault(wishes, Schema{{text("name"), text("id")}}),
            "usage: --sql-exclude-columns names nme, which is no column of the table; its columns are name, id; did you mean name?");
  wishes.must_exist = false;
  EXPECT_EQ(fault(wishes, schema), "");
  wishes.excluded = schema.names();
  EXPECT_EQ(fault(wishes, schema), "usage: --sql-exclude-columns leaves no column; exclude fewer");
}

TEST(Transforms, TwoEntriesForOneColumnAreRefused) {
  EXPECT_EQ(fault(columns("userName:text,user_name:bigint"), Schema{{text("user_name"), text("id")}}),
            "usage: --columns names the column user_name twice, as userName and as user_name; name it once");
  EXPECT_EQ(fault(columns("userName:text,user_name:bigint"), Schema{{text("user_name"), text("userName")}}), "");
}

TEST(Transforms, OneOfManyTablesDoesWithoutTheColumnsThatItLacks) {
  ColumnWishes wishes = columns("zip:text:code,n:bigint,gone::there");
  wishes.masks = parse_masks({"email:hash", "zip:redact", "late:redact", "id:hash"});
  wishes.excluded = {"web_url", "id"};
  wishes.must_exist = false;
  Transforms transforms(wishes, {.source = Schema{{text("id"), text("name")}}});
  EXPECT_THAT(transforms.schema().names(), ElementsAre("name"));
  EXPECT_THAT(transforms.plan().unmet_words(),
              ElementsAre(ColumnWord{"--columns", "code"}, ColumnWord{"--columns", "n"}, ColumnWord{"--columns", "there"},
                          ColumnWord{"--sql-exclude-columns", "web_url"}, ColumnWord{"--mask", "email"},
                          ColumnWord{"--mask", "zip"}, ColumnWord{"--mask", "late"}));
  const Schema more{{text("id"), text("name"), inferred("late"), inferred("n"), inferred("code")}};
  EXPECT_THAT(all(transforms.apply(batch_of(more, {{"1", "a", "\"x\"", "\"7\"", "\"8\""}}))),
              ElementsAre(Cells{"a"}, Cells{"REDACTED"}, Cells{"7"}, Cells{"REDACTED"}));
  EXPECT_THAT(transforms.schema().names(), ElementsAre("name", "late", "n", "zip"));
  EXPECT_THAT(transforms.plan().unmet_words(), ElementsAre(ColumnWord{"--columns", "there"},
                                                           ColumnWord{"--sql-exclude-columns", "web_url"}, ColumnWord{"--mask", "email"}));
  EXPECT_THAT(transforms.finish(), IsEmpty());
  wishes.only_overrides = true;
  EXPECT_EQ(fault(wishes, Schema{{text("id"), text("name")}}),
            "usage: --no-inference leaves no column, as the table has none that --columns lists");
}

TEST(Transforms, AnExcludedColumnThatComesLaterIsLeftOutToo) {
  ColumnWishes wishes;
  wishes.excluded = {"extra"};
  wishes.must_exist = false;
  Transforms transforms(wishes, {.source = Schema{{text("id")}}});
  EXPECT_THAT(all(transforms.apply(batch_of(Schema{{text("id"), inferred("Extra")}}, {{"1", "\"x\""}}))),
              ElementsAre(Cells{"1"}));
}

// Defect 8 and behaviour 21: nothing is merged, nothing is lost.
TEST(Transforms, NamesThatCollideGetASuffix) {
  const Schema schema{{text("a-b"), text("Name"), text("name"), text("a_b"), text("_ingestr_loaded_at")}};
  Transforms snake({}, {.source = schema, .reserved = {"_ingestr_loaded_at"}});
  EXPECT_THAT(snake.schema().names(), ElementsAre("a_b_2", "name_2", "name", "a_b", "_ingestr_loaded_at_2"));
  EXPECT_THAT(all(snake.apply(batch_of(schema, {{"1", "2", "3", "4", "5"}}))),
              ElementsAre(Cells{"1"}, Cells{"2"}, Cells{"3"}, Cells{"4"}, Cells{"5"}));
  EXPECT_EQ(snake.plan().renamed(), 2U);

  ColumnWishes wishes;
  wishes.naming = Naming::direct;
  Transforms direct(wishes, {.source = schema});
  EXPECT_THAT(direct.schema().names(), ElementsAre("a-b", "Name", "name_2", "a_b", "_ingestr_loaded_at"));
  EXPECT_EQ(direct.plan().renamed(), 0U);
}

// Behaviour 11.
TEST(Transforms, LongNamesAreShortenedTheSameWayEachTime) {
  const std::string first(70, 'a'), second = first + "b";
  const Schema schema{{text(first), text(second), text("short")}};
  const auto names = Transforms({}, {.source = schema, .longest_name = 63}).schema().names();
  EXPECT_EQ(names[0].size(), 63U);
  EXPECT_EQ(names[1].size(), 63U);
  EXPECT_NE(names[0], names[1]);
  EXPECT_EQ(names[2], "short");
  EXPECT_EQ(names, Transforms({}, {.source = schema, .longest_name = 63}).schema().names());
}

// Behaviour 22.
TEST(Transforms, OverridesApplyAcrossRenames) {
  const Schema schema{{text("userName"), text("zipCode"), text("id")}};
  Transforms transforms(columns("user_name:varchar(10),ZIP::zip_code,ID:bigint"), {.source = schema});
  EXPECT_EQ(transforms.schema(), (Schema{{text("user_name"), text("ZIP"), {"id", TypeId::bigint, false}}}));
  EXPECT_THAT(all(transforms.apply(batch_of(schema, {{"a", "01234", "7"}}))),
              ElementsAre(Cells{"a"}, Cells{"01234"}, Cells{"7"}));
  EXPECT_EQ(transforms.plan().landed_name("userName"), "user_name");
  EXPECT_EQ(transforms.plan().landed_name("zipCode"), "ZIP");
  EXPECT_EQ(transforms.plan().landed_name("zip"), "ZIP");
  EXPECT_EQ(transforms.plan().landed_name("nope"), "nope");
}

// Defect 4: the value comes along.
TEST(Transforms, ARenameOfAColumnThatNobodyDeclaredKeepsItsValues) {
  Transforms transforms(columns("code:text:zip,total::sum"), {});
  EXPECT_EQ(transforms.schema(), (Schema{{text("code")}}));
  const Schema rows{{inferred("sum", TypeId::bigint), inferred("zip")}};
  EXPECT_THAT(all(transforms.apply(batch_of(rows, {{"1", "\"01234\""}, {"2", "99"}}))),
              ElementsAre(Cells{"01234", "99"}, Cells{"1", "2"}));
  EXPECT_EQ(transforms.schema(), (Schema{{text("code"), inferred("total", TypeId::bigint)}}));
  EXPECT_THAT(transforms.finish(), IsEmpty());
}

// Behaviour 23.
TEST(Transforms, AColumnThatTheSourceLacksIsNull) {
  const Schema schema{{text("id")}};
  Transforms transforms(columns("score:bigint,at:timestamp"), {.source = schema});
  EXPECT_EQ(transforms.schema(), (Schema{{text("id"), {"score", TypeId::bigint, false}, {"at", TypeId::timestamp_tz, false}}}));
  EXPECT_THAT(all(transforms.apply(batch_of(schema, {{"1"}, {"2"}}))),
              ElementsAre(Cells{"1", "2"}, Cells{kNull, kNull}, Cells{kNull, kNull}));
  EXPECT_THAT(transforms.finish(), ElementsAre("no row has the column score of --columns; it is NULL in all",
                                               "no row has the column at of --columns; it is NULL in all"));
  EXPECT_THAT(fault_of([&] { Transforms(columns("code:text:zip"), {.source = schema, .all_declared = true}); }),
              HasSubstr("usage: --columns names zip, which is no column of the table"));
  EXPECT_THAT(fault(columns("code::zip"), schema), HasSubstr("usage: --columns names zip, which is no column of the table"));
}

TEST(Transforms, NoInferenceLoadsTheListedColumnsInTheirOrder) {
  ColumnWishes wishes = columns("b:bigint,c:text,a:date");
  wishes.only_overrides = true;
  const Schema schema{{text("a"), text("b"), text("x")}};
  Transforms transforms(wishes, {.source = schema});
  EXPECT_THAT(transforms.schema().names(), ElementsAre("b", "c", "a"));
  const Schema more{{text("a"), text("b"), text("x"), inferred("y"), inferred("c")}};
  EXPECT_THAT(all(transforms.apply(batch_of(more, {{"2026-01-02", "7", "x", "1", "\"c\""}}))),
              ElementsAre(Cells{"7"}, Cells{"c"}, Cells{"20455"}));
  wishes = columns("b:bigint,d::c");
  wishes.only_overrides = true;
  EXPECT_EQ(fault(wishes, {}), "usage: --no-inference needs the type of c: write d:text:c or another type");
}

TEST(Transforms, ANameOfOursIsRefused) {
  EXPECT_EQ(fault_of([] { Transforms(columns("_INGESTR_LOADED_AT:date:x"), {.reserved = {"_ingestr_loaded_at"}}); }),
            "usage: --columns names a column _INGESTR_LOADED_AT, as this program calls one of its own; choose another name");
}

TEST(Casts, OfTextAreStrict) {
  const Column from = text("a");
  const auto no = [](const char* value, const char* type) {
    return "row 1, column a: the value " + std::string(value) + " is no " + type;
  };
  EXPECT_EQ(cast(from, "bigint", "-12"), "-12");
  EXPECT_EQ(cast(from, "bigint", "9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(cast(from, "bigint", "12.0"), "12");
  for (const char* bad : {"12.5", "9223372036854775808", "1e3", "0x1F", "1_000", " 1", "abc"}) {
    EXPECT_EQ(cast(from, "bigint", bad), no(bad, "BIGINT"));
  }
  for (const char* blank : {"", " \t"}) {
    EXPECT_EQ(cast(from, "bigint", blank), "NULL");
    EXPECT_EQ(cast(from, "date", blank), "NULL");
    EXPECT_EQ(cast(from, "text", blank), blank);
  }
  EXPECT_EQ(cast(from, "int8", "300"), "300");
  EXPECT_EQ(cast(from, "int16", "40000"), no("40000", "SMALLINT"));
  EXPECT_EQ(cast(from, "int32", "2147483648"), no("2147483648", "INTEGER"));
  EXPECT_EQ(cast(from, "decimal(5,2)", "123.4500"), "12345");
  EXPECT_EQ(cast(from, "decimal(5,2)", "1.239"), no("1.239", "DECIMAL(5,2)"));
  EXPECT_EQ(cast(from, "decimal(5,2)", "1234.5"), no("1234.5", "DECIMAL(5,2)"));
  EXPECT_EQ(cast(from, "decimal(38,0)", "12345678901234567890123456789012345678"), "12345678901234567890123456789012345678");
  EXPECT_EQ(cast(from, "double", "1.5e3"), "1500");
  EXPECT_EQ(cast(from, "double", "1e400"), no("1e400", "DOUBLE"));
  EXPECT_EQ(cast(from, "double", "one"), no("one", "DOUBLE"));
  EXPECT_EQ(cast(from, "bool", "yes"), "1");
  EXPECT_EQ(cast(from, "bool", "maybe"), no("maybe", "BOOLEAN"));
  EXPECT_EQ(cast(from, "date", "2026-01-02"), "20455");
  for (const char* bad : {"03/04/2024", "2026-1-2", "2026-02-30", "10:30", "3:1", "2026-01-02T00:00:00Z", "infinity"}) {
    EXPECT_EQ(cast(from, "date", bad), no(bad, "DATE"));
  }
  EXPECT_EQ(cast(from, "time", "10:30"), "37800000000");
  EXPECT_EQ(cast(from, "time", "25:30"), no("25:30", "TIME"));
  EXPECT_EQ(cast(from, "timestamp", "1970-01-01T02:00:00+02:00"), "0");
  EXPECT_EQ(cast(from, "timestamp", "1970-01-01T00:00:01"), "1000000");
  EXPECT_EQ(cast(from, "timestamp_ntz", "1970-01-01T02:00:01+0200"), "1000000");
  EXPECT_EQ(cast(from, "timestamp_ntz", "1970-01-02"), "86400000000");
  EXPECT_EQ(cast(from, "timestamp", "1970-01-01T00:00:00.123456789Z"),
            no("1970-01-01T00:00:00.123456789Z", "TIMESTAMPTZ"));
  EXPECT_EQ(cast(from, "timestamp", "1970-01-01T00:00:00.123456000Z"), "123456");
  EXPECT_EQ(cast(from, "uuid", "CA978112-ca1b-8dca-afac-1b39a23dc4da"), "ca978112-ca1b-8dca-afac-1b39a23dc4da");
  EXPECT_EQ(cast(from, "uuid", "ca978112ca1b8dcaafac1b39a23dc4da"), no("ca978112ca1b8dcaafac1b39a23dc4da", "UUID"));
  EXPECT_EQ(cast(from, "json", R"({"a": 1.50})"), R"({"a": 1.50})");
  EXPECT_EQ(cast(from, "json", "plain"), no("plain", "JSON"));
  EXPECT_EQ(cast(from, "blob", "é"), "é");
  EXPECT_EQ(cast(from, "varchar(3)", "größ"), "row 1, column a: the value größ is no text of at most 3 characters");
  EXPECT_EQ(cast(from, "varchar(3)", "grö"), "grö");
}

TEST(Casts, OfJsonTextLoseNothing) {
  const Column from = inferred("a");
  EXPECT_EQ(cast(from, "text", R"("a\u00e9\n")"), "aé\n");
  EXPECT_EQ(cast(from, "text", "12345678901234567890.10"), "12345678901234567890.10");
  EXPECT_EQ(cast(from, "text", R"({"a":1})"), R"({"a":1})");
  EXPECT_EQ(cast(from, "decimal(20,2)", "123456789012345678.25"), "12345678901234567825");
  EXPECT_EQ(cast(from, "bigint", "\"42\""), "42");
  EXPECT_EQ(cast(from, "bigint", "42.5"), "row 1, column a: the value 42.5 is no BIGINT");
  EXPECT_EQ(cast(from, "json", R"("x")"), R"("x")");
  EXPECT_EQ(cast(from, "timestamp", "\"2026-01-02\""), "1767312000000000");
}

TEST(Casts, ANumberIsNoTime) {
  for (const char* number : {"1767312000", "1767312000000", "1767312000000000", "20260102"}) {
    const auto no = [&](const char* type) { return fmt::format("row 1, column a: the value {} is no {}", number, type); };
    EXPECT_EQ(cast(inferred("a"), "timestamp", number), no("TIMESTAMPTZ"));
    EXPECT_EQ(cast({"a", TypeId::bigint, false}, "timestamp_ntz", number), no("TIMESTAMP"));
    EXPECT_EQ(cast(text("a"), "date", number), no("DATE"));
  }
}

TEST(Casts, OfTypedColumns) {
  EXPECT_EQ(cast({"a", TypeId::bigint, false}, "text", "42"), "42");
  EXPECT_EQ(cast({"a", TypeId::bigint, false}, "int16", "42"), "42");
  EXPECT_EQ(cast({"a", TypeId::bigint, false}, "bigint", "42"), "42");
  EXPECT_EQ(cast({"a", TypeId::bigint, false}, "json", "42"), "42");
  EXPECT_EQ(cast({"a", TypeId::double_, false}, "decimal(5,2)", "1.25"), "125");
  EXPECT_EQ(cast({"a", TypeId::double_, false}, "bigint", "1.5"), "row 1, column a: the value 1.5 is no BIGINT");
  EXPECT_EQ(cast({"a", TypeId::real, false}, "double", "0.1"), "0.1");
  EXPECT_EQ(cast({"a", TypeId::timestamp_tz, false}, "timestamp_ntz", "1970-01-01T00:00:01Z"), "1000000");
  EXPECT_EQ(cast({"a", TypeId::date, false}, "timestamp", "1970-01-02"), "86400000000");
  EXPECT_EQ(cast({"a", TypeId::date, false}, "json", "1970-01-02"), "\"1970-01-02\"");
  EXPECT_EQ(cast({"a", TypeId::json, false}, "text", R"({"a":1})"), R"({"a":1})");
  EXPECT_EQ(cast({"a", Type::list_of(TypeId::varchar), false}, "json", "|a|~|"), R"(["a",null])");
  EXPECT_EQ(cast({"a", Type::list_of(TypeId::varchar), false}, "text", "|a|"), R"(["a"])");
  EXPECT_EQ(cast({"a", TypeId::uuid, false}, "text", "ca978112-ca1b-8dca-afac-1b39a23dc4da"),
            "ca978112-ca1b-8dca-afac-1b39a23dc4da");
  EXPECT_EQ(cast({"a", TypeId::interval, false}, "text", "14 -3 1500000"), "1 year 2 months -3 days 00:00:01.5");
}

TEST(Casts, RowsAreCountedOverBatchesAndValuesAreShortened) {
  const Schema schema{{text("id"), text("amount")}};
  Transforms transforms(columns("total:bigint:amount"), {.source = schema});
  std::vector<Cells> rows(3000, Cells{"x", "7"});
  transforms.apply(batch_of(schema, rows));
  rows[2500][1] = std::string(100, 'y');
  EXPECT_EQ(fault_of([&] { transforms.apply(batch_of(schema, rows)); }),
            "bad_data: row 5501, column total (amount at the source): the value " + std::string(60, 'y') + "… is no BIGINT");
}

// What a value holds is no message of the engine.
TEST(Casts, AValueMayReadLikeAnError) {
  EXPECT_EQ(cast(text("a"), "date", "No space left on device"),
            "row 1, column a: the value No space left on device is no DATE");
}

TEST(Trim, TakesTheWhiteSpaceOfUnicodeOffTexts) {
  ColumnWishes wishes;
  wishes.trim = true;
  const Schema schema{{text("a"), {"j", TypeId::json, false}, inferred("i"), {"n", TypeId::bigint, false}}};
  Transforms transforms(wishes, {.source = schema});
  EXPECT_EQ(transforms.schema(), schema);
  const std::string space = "\u00A0\u3000 \t\r\n\u2003\u205F\u1680";
  EXPECT_THAT(all(transforms.apply(batch_of(schema, {{space + "a\u00A0b" + space, "\" x \"", "\" \\u00e9 \\u3000\"", "1"},
                                                     {space, "[ 1 ]", "{\"k\":\" v \"}", "2"},
                                                     {kNull, kNull, kNull, kNull},
                                                     {"clean", "1", "\"\\u00e9\"", "3"}}))),
              ElementsAre(Cells{"a\u00A0b", "", kNull, "clean"}, Cells{"\" x \"", "[ 1 ]", kNull, "1"},
                          Cells{"\"é\"", "{\"k\":\" v \"}", kNull, "\"\\u00e9\""}, Cells{"1", "2", kNull, "3"}));
}

TEST(Transforms, CastTrimAndMaskInThisOrder) {
  ColumnWishes wishes = columns("a:text,b:bigint");
  wishes.trim = true;
  wishes.masks = parse_masks({"a:partial:1", "B:round:10"});
  const Schema schema{{inferred("a"), inferred("b")}};
  Transforms transforms(wishes, {.source = schema});
  EXPECT_EQ(transforms.schema(), (Schema{{text("a"), {"b", TypeId::bigint, false}}}));
  EXPECT_THAT(all(transforms.apply(batch_of(schema, {{"\" johnson \"", "17"}}))), ElementsAre(Cells{"j*****n"}, Cells{"20"}));
  EXPECT_EQ(fault_of([&] { transforms.apply(batch_of(schema, {{"\"x\"", "\"secret\""}})); }),
            "bad_data: row 2, column b: the value that is masked is no BIGINT");
}

// Behaviour 26.
TEST(Transforms, AMaskIsForEveryColumnThatItsNameFits) {
  for (const char* word : {"userName", "user_name", "USER_NAME", "Login"}) {
    ColumnWishes wishes = columns("login::userName");
    wishes.masks = parse_masks({std::string(word) + ":redact"});
    const Schema schema{{text("userName"), text("user_name")}};
    Transforms transforms(wishes, {.source = schema});
    const auto rows = all(transforms.apply(batch_of(schema, {{"a", "b"}})));
    EXPECT_EQ(rows[0], Cells{"REDACTED"}) << word;
    EXPECT_EQ(rows[1], Cells{word == std::string("Login") ? "b" : "REDACTED"}) << word;
  }
}

TEST(Transforms, AMaskOfAColumnThatNobodyKnowsIsRefused) {
  ColumnWishes wishes;
  wishes.masks = parse_masks({"emial:hash"});
  EXPECT_EQ(fault(wishes, Schema{{text("email"), text("id")}}),
            "usage: --mask names emial, which is no column of the table; its columns are email, id; did you mean email?");
  wishes.overrides = parse_columns("emial:text");
  EXPECT_EQ(fault(wishes, Schema{{text("email"), text("id")}}), "");
}

TEST(Transforms, WhatAMaskLeavesBesideItIsNamed) {
  ColumnWishes wishes;
  wishes.masks = parse_masks({"name:redact", "mail:hash", "mail_2:hash"});
  const Schema schema{{text("name"), text("name_first"), text("named"), text("name_last"), text("mail"), text("mail_2")}};
  Transforms transforms(wishes, {.source = schema});
  transforms.apply(batch_of(schema, {{"1", "2", "3", "4", "5", "6"}}));
  EXPECT_THAT(transforms.finish(),
              ElementsAre("name is masked, and name_first, name_last are not; mask them as well, or leave them out with "
                          "--sql-exclude-columns, if they tell the same"));
}

TEST(Transforms, AMaskWhoseColumnNeverCameIsAnErrorAfterTheLastRow) {
  ColumnWishes wishes;
  wishes.masks = parse_masks({"emial:hash"});
  Transforms transforms(wishes, {});
  EXPECT_THAT(transforms.finish(), IsEmpty());  // no row, no value in the clear
  transforms.apply(batch_of(Schema{{inferred("email")}}, {{"\"a\""}}));
  EXPECT_EQ(fault_of([&] { transforms.finish(); }),
            "usage: --mask names emial, which is no column of the table; its columns are email; did you mean email?");
}

TEST(Transforms, KeysAreMaskedOnlySoThatTheyStayKeys) {
  const Schema schema{{text("id"), {"at", TypeId::timestamp_tz, false}}};
  ColumnWishes wishes;
  wishes.masks = parse_masks({"id:hash"});
  const ColumnFacts facts{.source = schema, .primary_key = {"ID"}, .incremental_key = "at"};
  EXPECT_EQ(fault_of([&] { Transforms(wishes, facts); }), "");
  wishes.masks = parse_masks({"id:redact"});
  EXPECT_EQ(fault_of([&] { Transforms(wishes, facts); }),
            "unsupported: id is a key, and the mask redact does not keep rows apart, or not the same in each run; use hash, hmac "
            "or uuid");
  wishes.masks = parse_masks({"at:hash"});
  EXPECT_THAT(fault_of([&] { Transforms(wishes, facts); }), HasSubstr("unsupported: at is the incremental key"));
}

// A relation of these rows, each "(a, b)".
Relation relation_of(const Schema& schema, const std::string& rows) {
  std::vector<std::string> names;
  for (const std::string& name : schema.names()) names.push_back("\"" + name + "\"");
  Relation relation;
  relation.select = fmt::format("SELECT * FROM (VALUES {}) AS t({})", rows, fmt::join(names, ", "));
  relation.schema = schema;
  return relation;
}

TEST(Transforms, OfARelationAreTheSameAsOfBatches) {
  ColumnWishes wishes = columns("total:bigint:amount,none:date");
  wishes.masks = parse_masks({"name:redact", "key:hmac:Jefe"});
  wishes.excluded = {"skip"};
  const Schema schema{{text("Name"), text("amount"), text("skip"), text("key")}};
  Transforms transforms(wishes, {.source = schema, .all_declared = true});
  duck::Database engine;
  duck::Connection connection = engine.connect();
  const Relation made = transforms.apply(
      relation_of(schema, "('a', '1', 'x', 'what do ya want for nothing?'), ('b', '2', 'y', NULL)"));
  ASSERT_EQ(made.functions.size(), 1U);
  duck::register_function(connection, made.functions[0]);
  EXPECT_EQ(made.schema, transforms.schema());
  EXPECT_EQ(connection.describe(made.select), transforms.schema());
  EXPECT_EQ(connection.query(made.select),
            (std::vector<duck::Connection::Row>{
                {"REDACTED", "1", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", kNull},
                {"REDACTED", "2", kNull, kNull}}));
  EXPECT_EQ(fault_of([&] { connection.query(transforms.apply(relation_of(schema, "('a','1','x','k'),('a','two','x','k')")).select); }),
            "bad_data: row 2, column total (amount at the source): the value two is no BIGINT");
}

TEST(Transforms, ARelationThatNothingIsToBeDoneToStaysAsItIs) {
  const Schema schema{{text("name"), text("amount")}};
  const Relation relation = relation_of(schema, "('a', '1')");
  EXPECT_EQ(Transforms({}, {.source = schema, .all_declared = true}).apply(relation).select, relation.select);
  EXPECT_NE(Transforms(columns("n::name"), {.source = schema, .all_declared = true}).apply(relation).select, relation.select);
}

}  // namespace
}  // namespace ingestr
