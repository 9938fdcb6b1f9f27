// The endpoint table as a whole: scopes, JSON, and the table in the README.
#include "api.h"

#include <fstream>
#include <sstream>

#include "sandbox_fixture.h"

namespace sandbox {
namespace {

std::vector<std::string> words(std::string_view text) {
  std::istringstream stream{std::string(text)};
  return {std::istream_iterator<std::string>(stream), {}};
}

class ApiTest : public SandboxTest {
 protected:
  void start_with_scopes(const std::vector<std::string>& scopes) {
    std::string text = "none";
    for (const std::string& scope : scopes) text += " " + scope;
    start({"--rate-limit=0", "--scopes", text});
  }

  std::string first(const std::string& query) {
    return json::parse(get("/__sandbox/ids?" + query).body)["ids"][0];
  }

  // A path with the names of things that are there.
  std::string example(const Endpoint& endpoint) {
    const std::pair<std::string_view, std::string> names[] = {
        {"{object}", "deals"},
        {"{list}", "renewals"},
        {"{attribute}", "stage"},
        {"{record}", first("object=deals")},
        {"{entry}", first("list=renewals")},
        {"{thread}", to_text(named_uuid("none"))},
        {"{meeting}", first("resource=meetings")},
        {"{recording}", to_text(named_uuid("none"))}};
    std::string path(endpoint.path);
    for (const auto& [name, value] : names)
      if (const size_t at = path.find(name); at != std::string::npos)
        path.replace(at, name.size(), value);
    if (path == "/v2/threads" || path == "/v2/files")
      path += "?object=deals&record_id=" + first("object=deals");
    return path;
  }

  Reply ask(const Endpoint& endpoint) {
    return send(std::string(endpoint.method), example(endpoint));
  }
};

TEST_F(ApiTest, EveryEndpointNeedsItsScopesAndNoOthers) {
  for (const Endpoint& endpoint : endpoints()) {
    auto scopes = words(endpoint.scopes);
    if (endpoint.path == "/v2/threads")
      scopes.insert(scopes.end(), {"object_configuration:read", "record_permission:read"});
    start_with_scopes(scopes);
    EXPECT_NE(ask(endpoint).status, 403) << endpoint.path;
    for (const std::string& missing : scopes) {
      auto others = scopes;
      std::erase(others, missing);
      start_with_scopes(others);
      expect_error(ask(endpoint), 403, "unauthorized", missing);
    }
  }
}

TEST_F(ApiTest, EveryAnswerIsJson) {
  start({"--rate-limit=0", "--records", "odd \"slug\"=3", "--entries", "odd \"list\"@people=3"});
  for (const Endpoint& endpoint : endpoints()) {
    const Reply reply = ask(endpoint);
    EXPECT_TRUE(json::accept(reply.body)) << endpoint.path << reply.body;
    const bool none = endpoint.path.find("{thread}") != std::string_view::npos ||
                      endpoint.path.find("{recording}") != std::string_view::npos;
    const bool no_select = endpoint.path.ends_with("/options");
    EXPECT_EQ(reply.status, none ? 404 : no_select ? 400 : 200) << endpoint.path;
  }
  for (const char* target : {"/v2/objects/odd%20%22slug%22/attributes",
                             "/v2/lists/odd%20%22list%22/attributes",
                             "/v2/lists/odd%20%22list%22/views"})
    EXPECT_TRUE(json::accept(get(target).body)) << target;
}

TEST_F(ApiTest, ReadmeHasTheTable) {
  std::ifstream file(SANDBOX_README);
  std::stringstream readme;
  readme << file.rdbuf();
  for (const Endpoint& endpoint : endpoints()) {
    std::string scopes;
    for (const auto& scope : words(endpoint.scopes)) scopes += (scopes.empty() ? "" : ", ") + scope;
    const std::string row = fmt::format("| `{} {}` | {} |", endpoint.method, endpoint.path,
                                        scopes.empty() ? "none" : scopes);
    EXPECT_NE(readme.str().find(row), std::string::npos) << row;
  }
}

TEST_F(ApiTest, FanOutsAreOneLineInTheStatistics) {
  start({"--rate-limit=0"});
  for (const char* position : {"0", "1"})
    get(fmt::format("/v2/objects/deals/records/{}/entries?limit=9",
                    data(send("POST", "/v2/objects/deals/records/query",
                              fmt::format(R"({{"limit":1,"offset":{}}})", position)))[0]["id"]
                        ["record_id"].get<std::string>()));
  const json seen = stats();
  EXPECT_EQ(seen["by_path"]["/v2/objects/deals/records/*/entries"], 2);
  EXPECT_EQ(seen["log"][1]["query"], "?limit=9");
}

}  // namespace
}  // namespace sandbox
