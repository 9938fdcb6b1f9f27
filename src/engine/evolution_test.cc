#include "engine/evolution.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace ingestr {
namespace {

const Type kTypes[] = {TypeId::null,      TypeId::boolean,      TypeId::smallint, TypeId::integer,
                       TypeId::bigint,    TypeId::real,         TypeId::double_,  Type::decimal(9, 2),
                       Type::decimal(38, 0), TypeId::varchar,   TypeId::date,     TypeId::time,
                       TypeId::timestamp, TypeId::timestamp_tz, TypeId::uuid,     TypeId::interval,
                       TypeId::json,      Type::list_of(TypeId::bigint), Type::list_of(TypeId::varchar)};

TEST(Evolution, TheWiderTypeIsOneForBothWays) {
  for (const Type& a : kTypes) {
    for (const Type& b : kTypes) {
      const auto wide = wider_type(a, b);
      EXPECT_EQ(wide, wider_type(b, a)) << to_string(a) << " " << to_string(b);
      EXPECT_EQ(wider_type(*wide, a), wide) << to_string(a) << " " << to_string(b);
    }
    EXPECT_EQ(wider_type(a, a), a);
  }
  EXPECT_EQ(wider_type(TypeId::blob, TypeId::varchar), std::nullopt);
  EXPECT_EQ(wider_type(TypeId::blob, TypeId::null), Type(TypeId::blob));
}

TEST(Evolution, WhatFloatsHold) {
  EXPECT_TRUE(holds(TypeId::double_, TypeId::integer));
  EXPECT_FALSE(holds(TypeId::double_, TypeId::bigint));
  EXPECT_TRUE(holds(TypeId::double_, Type::decimal(15, 4)));
  EXPECT_FALSE(holds(TypeId::double_, Type::decimal(16, 4)));
  EXPECT_TRUE(holds(TypeId::real, TypeId::smallint));
  EXPECT_FALSE(holds(TypeId::real, TypeId::integer));
  EXPECT_FALSE(holds(TypeId::real, TypeId::double_));
}

TEST(Evolution, AColumnOfADestinationsOwnTypeTakesTextsAndStays) {
  const Type inet = Type::native_of("inet");
  for (const Type& type : {Type(TypeId::varchar), Type(TypeId::bigint), Type(TypeId::json), Type::list_of(TypeId::date), Type()}) {
    EXPECT_EQ(wider_type(inet, type), inet);
    EXPECT_TRUE(holds(inet, type));
    for (const Contract contract : {Contract::evolve, Contract::freeze, Contract::discard_row, Contract::discard_value}) {
      const Evolution evolution = evolve({"", "t"}, Schema{{{"a", inet, false}}}, {"", "l"}, Schema{{{"a", type, true}}}, contract);
      EXPECT_TRUE(evolution.steps.empty() && evolution.discard.empty());
      ASSERT_EQ(evolution.columns.size(), 1);
      EXPECT_EQ(evolution.columns[0].to_type, inet);
      EXPECT_EQ(evolution.columns[0].from_type, Type(TypeId::varchar));
    }
  }
  EXPECT_NE(inet, Type(TypeId::varchar));
  EXPECT_EQ(to_string(inet), "inet");
}

TEST(Evolution, AnExactNameGoesBeforeOneInAnotherCase) {
  const Schema schema{{{"ID", TypeId::json, false}, {"id", TypeId::date, false}}};
  EXPECT_EQ(find_column(schema, "id")->type, Type(TypeId::date));
  EXPECT_EQ(find_column(schema, "Id")->type, Type(TypeId::json));
  EXPECT_EQ(find_column(schema, "x"), nullptr);
}

}  // namespace
}  // namespace ingestr
