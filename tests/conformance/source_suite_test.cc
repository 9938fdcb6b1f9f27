#include "conformance/source_suite.h"
#include "sources/attio/attio.h"
#include "sources/files/connectors.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace ingestr {
namespace {

std::string name_of(const ::testing::TestParamInfo<SourceCase>& info) { return info.param.name; }

SourceCase attio() {
  SourceCase source;
  source.name = "attio";
  source.connector = attio_connector();
  source.uri = "attio://?api_key=key_123";
  source.secret = "key_123";
  source.exchanges = INGESTR_SOURCE_DIR "/src/sources/attio/testdata/exchanges.txt";
  source.tables = {{"objects", 6},
                   {"lists", 3},
                   {"records:companies", 2},
                   {"records:deals", 1},
                   {"records:lab_samples", 1},
                   {"records:users", 0},
                   {"list_entries:renewals", 3},
                   {"list_entries:39bba25a-7997-5d27-a117-67101e6babea", 3},
                   {"all_list_entries:companies", 3},
                   {"all_list_entries:deals", 0}};
  source.wrong_tables = {"", "foo", "records", "records:", "objects:x", "lists:", "list_entries", "query:select 1"};
  source.refused_table = "records:ghosts";
  source.limited_table = "records:companies";
  return source;
}

INSTANTIATE_TEST_SUITE_P(Attio, SourceSuite, ::testing::Values(attio()), name_of);

Connector file_connector(const std::string& scheme) {
  for (Connector& connector : file_connectors()) {
    if (std::ranges::find(connector.schemes, scheme) != connector.schemes.end()) return std::move(connector);
  }
  throw std::logic_error("no source of files has the scheme " + scheme);
}

// A file in testdata that another program wrote.
SourceCase file(const std::string& scheme, const std::string& name) {
  SourceCase source;
  source.name = scheme;
  source.connector = file_connector(scheme);
  source.uri = scheme + "://" INGESTR_SOURCE_DIR "/src/sources/files/testdata/" + name;
  source.learns_columns = true;
  source.tables = {{"orders", 40}};
  source.wrong_tables = {""};
  source.limited_table = "orders";
  return source;
}

INSTANTIATE_TEST_SUITE_P(Files, SourceSuite,
                         ::testing::Values(file("csv", "orders.csv"), file("tsv", "orders.tsv"), file("jsonl", "orders.jsonl")),
                         name_of);

}  // namespace
}  // namespace ingestr
