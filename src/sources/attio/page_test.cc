// The manual's page of Attio says what the program does: its tables are printed from the table that the program
// works with (those of the URI's parameters by scripts/manual). `INGESTR_UPDATE_DOCS=1 build/dev/unit_tests --gtest_filter='AttioPage.*'` writes them anew.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sources/attio/endpoint.h"

namespace ingestr::attio {
namespace {

constexpr const char* kPage = INGESTR_SOURCE_DIR "/docs/attio.md";

std::string read_page() {
  std::ostringstream text;
  text << std::ifstream(kPage).rdbuf();
  return text.str();
}

std::string columns_of(const TableKind& kind) {
  std::vector<std::string> columns;
  for (const JsonField& field : kind.fields) {
    columns.push_back(fmt::format("{} {}", field.column.name, to_string(field.column.type)));
  }
  return fmt::format("{}", fmt::join(columns, ", "));
}

std::string example_of(const TableKind& kind) {
  return kind.argument.empty() ? kind.name : fmt::format("{}:{}", kind.name, attio::example_of(kind.argument));
}

std::string tables_text() {
  std::string text;
  for (const TableKind& kind : table_kinds()) {
    text += fmt::format("\n### `{}`\n\n{}{}.\n\n", usage(kind),
                        static_cast<char>(std::toupper(kind.description.front())), kind.description.substr(1));
    text += fmt::format("- example: `--source-table '{}'`\n", example_of(kind));
    text += fmt::format("- key: {}\n", fmt::join(kind.key, ", "));
    const std::vector<std::string> scopes = scopes_of(kind);
    text += fmt::format("- scopes: {}\n", scopes.empty() ? "none" : fmt::format("{}", fmt::join(scopes, ", ")));
    text += fmt::format("- columns: {}\n", columns_of(kind));
  }
  return text;
}

// The page with what stands between `<!-- name -->` and `<!-- end of name -->` replaced.
std::string with_section(const std::string& page, const std::string& name, const std::string& text) {
  const std::string begin = "<!-- " + name + " -->\n";
  const size_t from = page.find(begin);
  const size_t to = page.find("\n<!-- end of " + name + " -->");
  if (from == std::string::npos || to == std::string::npos) return "docs/attio.md has no section " + name;
  return page.substr(0, from + begin.size()) + text + page.substr(to);
}

TEST(AttioPage, SaysWhatTheProgramDoes) {
  const std::string page = read_page();
  const std::string wanted = with_section(page, "tables", tables_text());
  if (std::getenv("INGESTR_UPDATE_DOCS") != nullptr) std::ofstream(kPage) << wanted;
  EXPECT_EQ(read_page(), wanted) << "run this test with INGESTR_UPDATE_DOCS=1";
}

TEST(AttioCatalog, IsSound) {
  for (const TableKind& kind : table_kinds()) {
    endpoint(kind.endpoint);  // throws when there is none
    for (const Parent& parent : kind.parents) endpoint(parent.endpoint);
    std::vector<std::string> names;
    for (const JsonField& field : kind.fields) names.push_back(field.column.name);
    for (const std::string& key : kind.key) {
      EXPECT_NE(std::find(names.begin(), names.end(), key), names.end()) << kind.name << " has no column " << key;
    }
    EXPECT_FALSE(kind.key.empty()) << kind.name;
  }
  for (const Endpoint& one : endpoints()) {
    const auto found = match({one.method, path_of(one, {{"object", "o"}, {"list", "l"}, {"record", "r"},
                                                        {"attribute", "a"}, {"meeting", "m"}, {"recording", "c"},
                                                        {"thread", "t"}})});
    ASSERT_TRUE(found) << one.name;
    EXPECT_EQ(found->endpoint->name, one.name);
    const std::string before_query = one.path.substr(0, one.path.find('?'));
    EXPECT_EQ(before_query.find('{') == std::string::npos, found->texts.empty()) << one.name;
  }
}

}  // namespace
}  // namespace ingestr::attio
