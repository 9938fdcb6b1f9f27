#include "app/preview.h"

#include <gtest/gtest.h>

#include "support/batches.h"
#include "support/box.h"

namespace ingestr {
namespace {

// What a table shows whose rows come in one batch for each schema.
struct Shown {
  explicit Shown(Schema declared) { spec.schema = std::move(declared); }

  Preview read(PreviewForm form) {
    FakeTable table(spec, [&](BatchSink& rows) {
      for (const auto& [schema, cells] : batches) rows.push(batch_of(schema, cells));
    });
    const MapEnvironment environment;
    NullLogger log;
    TickingClock clock;
    Counters counters;
    return read_preview(table, 20, form, {clock, environment, log, counters, secrets, {}, {}});
  }
  std::string text() { return preview_text(read(PreviewForm::text), secrets); }
  std::string json() { return preview_json(read(PreviewForm::json), secrets); }

  TableSpec spec;
  std::vector<std::pair<Schema, std::vector<Cells>>> batches;
  Secrets secrets;
};

TEST(Preview, ShowsEveryType) {
  const Schema schema{{{"flag", TypeId::boolean},
                       {"whole", TypeId::bigint},
                       {"part", TypeId::double_},
                       {"money", Type::decimal(19, 4)},
                       {"day", TypeId::date},
                       {"at", TypeId::timestamp_tz},
                       {"list", Type::list_of(TypeId::varchar)},
                       {"doc", TypeId::json},
                       {"nothing", TypeId::null}}};
  Shown shown(schema);
  shown.batches = {{schema,
                    {{"true", "9007199254740993", "1.5", "-12.5", "2026-11-24",
                      "2026-11-24T07:05:09.5Z", "|a|~|b|", R"({"n": 12345678901234567890})", {}},
                     {{}, {}, {}, {}, {}, {}, {}, {}, {}}}}};
  EXPECT_EQ(shown.text(),
            "flag             whole  part     money  day         at                        list      "
            "    doc                          nothing\n"
            "----  ----------------  ----  --------  ----------  ------------------------  "
            "------------  ---------------------------  -------\n"
            "true  9007199254740993   1.5  -12.5000  2026-11-24  2026-11-24 07:05:09.5+00  [a, NULL, "
            "b]  {\"n\": 12345678901234567890}  NULL\n"
            "NULL              NULL  NULL      NULL  NULL        NULL                      NULL      "
            "    NULL                         NULL\n"
            "\n2 rows\n");
  EXPECT_EQ(shown.json(),
            R"([
{"flag":true,"whole":9007199254740993,"part":1.5,"money":-12.5000,"day":"2026-11-24",)"
            R"("at":"2026-11-24 07:05:09.5+00","list":["a",null,"b"],"doc":{"n": 12345678901234567890},"nothing":null},
{"flag":null,"whole":null,"part":null,"money":null,"day":null,"at":null,"list":null,"doc":null,"nothing":null}
]
)");
}

TEST(Preview, CutsLongCellsAndEscapesOddOnes) {
  const Schema schema{{{"text", TypeId::varchar}}};
  Shown shown(schema);
  shown.secrets.add("key_123");
  shown.batches = {{schema, {{std::string(50, 'x')}, {"日本語"}, {"a\n\x1b[31m"}, {"a key_123"}}}};
  EXPECT_EQ(shown.text(), "text\n" + std::string(40, '-') + "\n" + std::string(39, 'x') +
                              "…\n日本語\na\\n\\x1b[31m\na ***\n\n4 rows\n");
  EXPECT_NE(shown.json().find(R"({"text":"a\n\u001b[31m"})"), std::string::npos) << shown.json();
  EXPECT_EQ(shown.json().find("key_123"), std::string::npos);
}

TEST(Preview, ColumnsMayComeLaterAndDifferInNothingButCase) {
  const Schema declared{{{"id", TypeId::varchar}}};
  Schema more = declared;
  more.columns.push_back({"Id", TypeId::bigint, true});
  more.columns.push_back({"other", TypeId::varchar, true});
  Shown shown(declared);
  shown.batches = {{declared, {{"a"}}}, {more, {{"b", "7", "\"it's\""}, {"c", "null", {}}}}};
  EXPECT_EQ(shown.text(),
            "id    Id  other\n--  ----  -----\na   NULL  NULL\nb      7  it's\nc   NULL  NULL\n\n3 "
            "rows\n");
  EXPECT_NE(shown.json().find(R"({"id":"b","Id":7,"other":"it's"})"), std::string::npos)
      << shown.json();
}

TEST(Preview, JsonHasNoInfinity) {
  const Schema schema{{{"x", TypeId::double_}}};
  Shown shown(schema);
  shown.batches = {{schema, {{"inf"}, {"1e300"}}}};
  EXPECT_EQ(shown.json(), "[\n{\"x\":\"inf\"},\n{\"x\":1e+300}\n]\n");
}

TEST(Preview, WithoutRowsShowsItsColumns) {
  Shown shown({{{"id", TypeId::varchar}, {"n", TypeId::bigint}}});
  EXPECT_EQ(shown.text(), "id  n\n--  -\n\n0 rows\n");
  EXPECT_EQ(shown.json(), "[\n]\n");
}

}  // namespace
}  // namespace ingestr
