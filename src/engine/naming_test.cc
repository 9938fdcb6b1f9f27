#include "engine/naming.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace ingestr {
namespace {

using ::testing::HasSubstr;

struct Case {
  const char* name;
  const char* snake;
};

// The table that users of the naming convention know, and what it leaves open.
constexpr Case kCases[] = {
    {"userName", "user_name"},
    {"column_", "columnx"},
    {"XMLParser", "xml_parser"},
    {"foo___", "fooxxx"},
    {"123column", "_123column"},
    {"column__name", "column__name"},
    {"Space Name", "space_name"},
    {"__123fields", "_123fields"},
    {"column-name", "column_name"},
    {"column.name", "column_name"},
    {"clicks (all)", "clicks_allx"},
    {"column+name", "columnxname"},
    {"spend >>>", "spendx"},
    {"column@name", "columnaname"},
    {"", ""},
    {"HTTPServer", "http_server"},
    {"getHTTPResponse", "get_http_response"},
    {"line2Address", "line2_address"},
    {"a|b*c", "albxc"},
    {"a____b", "a__b"},
    {"a - b", "a_b"},
    {"_", "x"},
    {"_private", "_private"},
    {"ID", "id"},
    {"userID", "user_id"},
    {"größeÜber", "größe_über"},
    {"ÑandúID", "ñandú_id"},
    {"名前", "名前"},
    {"price €", "pricex"},
    {"a–b", "a_b"},
};

TEST(Naming, SnakeCaseTable) {
  for (const Case& one : kCases) {
    EXPECT_EQ(snake_case(one.name), one.snake) << one.name;
    // What is snake_case stays: a table that is loaded again keeps its columns.
    EXPECT_EQ(snake_case(one.snake), one.snake) << one.name;
  }
}

TEST(Naming, AttioColumnsAreSnakeCaseAlready) {
  for (const char* name : {"api_slug", "created_at", "id", "object_id", "record_id", "values", "web_url", "workspace_id",
                           "entry_values", "parent_record_id", "workspace_member_access", "_ingestr_loaded_at"}) {
    EXPECT_EQ(snake_case(name), name);
  }
}

TEST(Naming, BrokenUtf8DoesNoHarm) {
  EXPECT_FALSE(snake_case("a\xC3").empty());
  EXPECT_FALSE(snake_case("\x80\xFF").empty());
}

TEST(Naming, ConventionsAreNamedInAnyCase) {
  for (const char* text : {"auto", "", "default", "AUTO", "Default"}) EXPECT_EQ(parse_naming(text), Naming::automatic);
  EXPECT_EQ(parse_naming("Snake_Case"), Naming::snake_case);
  EXPECT_EQ(parse_naming("DIRECT"), Naming::direct);
  try {
    parse_naming("snakecase");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_STREQ(error.what(),
                 "there is no naming convention \"snakecase\"; use auto, snake_case, direct; did you mean snake_case?");
  }
}

Schema table(const std::vector<std::string>& names) {
  Schema schema;
  for (const std::string& name : names) schema.columns.push_back({name, TypeId::varchar, false});
  return schema;
}

TEST(Naming, AutoIsSnakeCaseForATableThatIsNotThere) {
  EXPECT_EQ(choose_naming(Naming::automatic, {"userName"}, std::nullopt), Naming::snake_case);
  EXPECT_EQ(choose_naming(Naming::direct, {"userName"}, std::nullopt), Naming::direct);
}

TEST(Naming, AutoKeepsTheNamesOfATableThatHasThem) {
  const std::vector<std::string> names = {"userName", "zipCode", "id"};
  EXPECT_EQ(choose_naming(Naming::automatic, names, table({"userName", "zipCode"})), Naming::direct);
  EXPECT_EQ(choose_naming(Naming::automatic, names, table({"USERNAME", "ZIPCODE"})), Naming::direct);
  EXPECT_EQ(choose_naming(Naming::automatic, names, table({"user_name", "zip_code"})), Naming::snake_case);
  EXPECT_EQ(choose_naming(Naming::automatic, names, table({"USER_NAME", "ZIP_CODE", "ID"})), Naming::snake_case);
  // As many of one kind as of the other.
  EXPECT_EQ(choose_naming(Naming::automatic, names, table({"userName", "zip_code"})), Naming::snake_case);
  EXPECT_EQ(choose_naming(Naming::automatic, names, table({"id"})), Naming::snake_case);
  EXPECT_EQ(choose_naming(Naming::snake_case, names, table({"userName", "zipCode"})), Naming::snake_case);
}

TEST(Naming, ANameIsNeverEmpty) {
  EXPECT_EQ(named("", Naming::snake_case), "_");
  EXPECT_EQ(named("", Naming::direct), "_");
  EXPECT_EQ(named("userName", Naming::direct), "userName");
}

}  // namespace
}  // namespace ingestr
