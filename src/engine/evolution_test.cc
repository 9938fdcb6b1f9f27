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

TEST(Evolution, AnExactNameGoesBeforeOneInAnotherCase) {
  const Schema schema{{{"ID", TypeId::json, false}, {"id", TypeId::date, false}}};
  EXPECT_EQ(find_column(schema, "id")->type, Type(TypeId::date));
  EXPECT_EQ(find_column(schema, "Id")->type, Type(TypeId::json));
  EXPECT_EQ(find_column(schema, "x"), nullptr);
}

}  // namespace
}  // namespace ingestr
