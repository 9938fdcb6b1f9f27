#include "database/address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/fault.h"
#include "support/world.h"

namespace ingestr::database {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class DatabaseAddress : public testing::Test {
 protected:
  Address parsed(std::string_view uri) { return parse_address(parse_uri(uri), 5432, world_.context()); }

  std::string fault(std::string_view uri) {
    return usage_fault(uri, [&] { parsed(uri); });
  }

  World world_;
};

TEST_F(DatabaseAddress, AllParts) {
  const Address address = parsed("postgres://me:s3cret@db.example:6543/shop");
  EXPECT_EQ(address.user, "me");
  EXPECT_EQ(address.password, "s3cret");
  EXPECT_EQ(address.host, "db.example");
  EXPECT_EQ(address.port, 6543);
  EXPECT_EQ(address.database, "shop");
  EXPECT_EQ(address.shown(), "shop on db.example:6543");
}

TEST_F(DatabaseAddress, WhatIsNotThere) {
  const Address address = parsed("postgres://db.example/shop");
  EXPECT_EQ(address.user + address.password, "");
  EXPECT_EQ(address.port, 5432);
}

TEST_F(DatabaseAddress, PasswordsWithAnyCharacter) {
  EXPECT_EQ(parsed("pg://me:p%40ss%3Aw%2Fo%3Fr%23d%2520@h/d").password, "p@ss:w/o?r#d%20");
  EXPECT_EQ(parsed("pg://me:a@b:c/d#e+f@h/d").password, "a@b:c/d#e+f");
  EXPECT_EQ(parsed("pg://me:a@b:c/d#e+f@h/d").host, "h");
  EXPECT_EQ(world_.secrets.redact("p@ss:w/o?r#d%20 p%40ss%3Aw%2Fo%3Fr%23d%2520 a@b:c/d#e+f"), "*** *** ***");
}

TEST_F(DatabaseAddress, Ip6) {
  const Address address = parsed("pg://me@[::1]:5433/d");
  EXPECT_EQ(address.host, "::1");
  EXPECT_EQ(address.port, 5433);
  EXPECT_EQ(address.shown(), "d on [::1]:5433");
  EXPECT_EQ(parsed("pg://[fe80::1]/d").port, 5432);
}

TEST_F(DatabaseAddress, SocketsInPlaceOfAHost) {
  const auto parsed_without = [&](std::string_view uri) { return parse_address(parse_uri(uri), 5432, world_.context(), true); };
  for (const char* uri : {"pg://me:a@b@:6543/d?host=/run", "pg://:6543/d?host=/run", "pg://localhost:6543/d?host=/run"}) {
    Address address = parsed_without(uri);
    EXPECT_EQ(address.host, "localhost") << uri;
    EXPECT_EQ(address.port, 6543) << uri;
    address.socket = socket_parameter(parse_uri(uri), "host", address).value();
    EXPECT_EQ(address.shown(), "d on /run") << uri;
  }
  const Uri both = parse_uri("pg://db.example/d?host=/run"), relative = parse_uri("pg:///d?host=run");
  EXPECT_EQ(usage_fault("", [&] { socket_parameter(both, "host", parsed("pg://db.example/d")); }),
            "the pg:// URI names the host db.example and, by its parameter host, a socket of this machine; leave one of them out");
  EXPECT_THAT(usage_fault("", [&] { socket_parameter(relative, "host", parsed("pg://localhost/d")); }), HasSubstr("is no path that begins with /"));
}

TEST_F(DatabaseAddress, SecondsToConnect) {
  EXPECT_EQ(connect_seconds(parse_uri("pg://h/d")), 15U);
  EXPECT_EQ(connect_seconds(parse_uri("pg://h/d?connect_timeout=0")), 0U);
  EXPECT_EQ(connect_seconds(parse_uri("pg://h/d?connect_timeout=90")), 90U);
  for (const char* wrong : {"", "x", "1.5", "-3", "5s", "99999999999"}) {
    EXPECT_EQ(usage_fault(wrong, [&] { connect_seconds(parse_uri(std::string("pg://h/d?connect_timeout=") + wrong)); }),
              "connect_timeout is \"" + std::string(wrong) + "\", which is no number of seconds; write a whole number such as 15, or 0 to wait without end");
  }
}

TEST_F(DatabaseAddress, WhatIsMissingOrWrongIsNamedWithoutThePassword) {
  EXPECT_EQ(fault("pg:///d"), "the pg:// URI names no host; write pg://user:password@host:port/database");
  EXPECT_EQ(fault("pg://me:s3cret@h"), "the pg:// URI names no database; write pg://user:password@host:port/database");
  EXPECT_THAT(fault("pg://me:s3cret@h:0/d"), AllOf(HasSubstr("no number from 1 to 65535"), Not(HasSubstr("s3cret"))));
  EXPECT_THAT(fault("pg://h:s3cret/d"), Not(HasSubstr("s3cret")));
}

}  // namespace
}  // namespace ingestr::database
