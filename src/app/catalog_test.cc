#include "app/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/text.h"

namespace ingestr {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

Catalog example() {
  Connector attio, duckdb;
  attio.schemes = {"attio"};
  attio.title = "Attio";
  attio.example_uri = "attio://?api_key=key_123";
  attio.parameters = {
      {.name = "api_key",
       .description = "a key",
       .default_text = "",
       .required = true,
       .secret = true,
       .variable = "ATTIO_API_KEY"},
      {.name = "base_url", .description = "for proxies", .default_text = "https://x/v2"}};
  attio.open_source = [](const Uri&, const SourceOptions&, const Context&) { return nullptr; };
  duckdb.schemes = {"duckdb", "duck"};
  duckdb.title = "DuckDB";
  duckdb.example_uri = "duckdb:///attio.duckdb";
  duckdb.open_destination = [](const Uri&, Access, const Context&) { return nullptr; };
  return Catalog({attio, duckdb});
}

template <class Work>
std::string fault(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "";
}

TEST(Catalog, FindsBySchemeInAnyCase) {
  const Catalog catalog = example();
  EXPECT_EQ(catalog.source(parse_uri("Attio://?api_key=k")).title, "Attio");
  EXPECT_EQ(catalog.destination(parse_uri("DuckDB:///x")).title, "DuckDB");
  EXPECT_EQ(catalog.destination(parse_uri("duck:///x")).title, "DuckDB");
}

TEST(Catalog, NamesAnUnknownSchemeAndTheKnownOnes) {
  const Catalog catalog = example();
  EXPECT_EQ(fault([&] { catalog.source(parse_uri("foo://x")); }),
            "unknown source scheme \"foo\"; known sources: attio; `ingestr example-uris` shows an "
            "example of each");
  EXPECT_EQ(fault([&] { catalog.destination(parse_uri("dukdb://x")); }),
            "unknown destination scheme \"dukdb\"; did you mean duckdb?; known destinations: "
            "duckdb, duck; "
            "`ingestr example-uris` shows an example of each");
  EXPECT_EQ(fault([&] { catalog.source(parse_uri("duckdb:///x")); }),
            "DuckDB cannot be a source in version 0.1.0; known sources: attio; `ingestr "
            "example-uris` shows an "
            "example of each");
  EXPECT_EQ(fault([&] { catalog.source(parse_uri("key_123?x://")); }),
            "unknown source scheme; known sources: attio; `ingestr example-uris` shows an example "
            "of each");
}

TEST(Catalog, KnowsWhatIsSecret) {
  EXPECT_THAT(example().secret_parameters(), ElementsAre("api_key"));
  EXPECT_THAT(example().secret_variables(), ElementsAre("ATTIO_API_KEY"));
}

TEST(Catalog, ExampleUris) {
  EXPECT_EQ(example_uris_text(example()), R"(Sources:
  attio       attio://?api_key=key_123

Destinations:
  duckdb      duckdb:///attio.duckdb
  duck        duck:///attio.duckdb

Parameters of attio://
  api_key     a key (required, secret, or the environment variable ATTIO_API_KEY)
  base_url    for proxies (default https://x/v2)
)");
}

TEST(AllConnectors, AreWellFormed) {
  const Catalog catalog = all_connectors();
  for (const Connector& connector : catalog.all()) {
    ASSERT_FALSE(connector.schemes.empty());
    const std::string& scheme = connector.schemes.front();
    EXPECT_FALSE(connector.title.empty()) << scheme;
    EXPECT_TRUE(connector.open_source || connector.open_destination) << scheme;
    for (const std::string& name : connector.schemes) EXPECT_EQ(name, to_lower(name));
    const Uri uri = parse_uri(connector.example_uri);
    EXPECT_EQ(uri.scheme, scheme);
    check_parameters(connector, uri);
  }
}

TEST(AllConnectors, DeclareTheVariablesThatHoldKeys) {
  EXPECT_THAT(all_connectors().secret_parameters(), Contains("api_key"));
  EXPECT_THAT(all_connectors().secret_variables(), Contains("ATTIO_API_KEY"));
}

}  // namespace
}  // namespace ingestr
