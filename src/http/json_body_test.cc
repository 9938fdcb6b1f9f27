#include "http/json_body.h"

#include <gtest/gtest.h>

namespace ingestr {
namespace {

TEST(JsonBody, TakesWholeValues) {
  for (const char* body : {
           "{}",
           "[]",
           " \t\r\n{\"data\":[]}\n",
           R"({"a":{"b":[1,2,{"c":null}],"d":"]}"}})",
           R"(["\"","\\","\\\"","}\\\\"])",
           R"([""])",
           R"({"a":"ü\u0022日本"})",
       }) {
    EXPECT_EQ(json_defect(body), std::nullopt) << body;
  }
}

TEST(JsonBody, NamesTheDefect) {
  struct Case {
    const char* body;
    const char* defect;
  };
  for (const auto& [body, defect] : {
           Case{"", "an empty body"},
           Case{" \n", "an empty body"},
           Case{"  <html><body>Sign in</body></html>", "an HTML page instead of JSON"},
           Case{"upstream\nfailed", "text instead of JSON: upstream failed"},
           Case{"null", "text instead of JSON: null"},
           Case{"\"a\"", "text instead of JSON: \"a\""},
           Case{"{", "a JSON body that is cut off after 1 bytes"},
           Case{"{\"data\":[1,2", "a JSON body that is cut off after 12 bytes"},
           Case{"{\"a\":\"b", "a JSON body that is cut off after 7 bytes"},
           Case{R"({"a":"b\"})", "a JSON body that is cut off after 10 bytes"},
           Case{R"({"a":"b\\\"})", "a JSON body that is cut off after 12 bytes"},
           Case{"{\"a\":[1}}", "a JSON body whose brackets do not match at byte 7"},
           Case{"{} {}", "a JSON body with something behind its end at byte 2"},
           Case{"{}}", "a JSON body with something behind its end at byte 2"},
           Case{"[]\n<!-- cached -->", "a JSON body with something behind its end at byte 2"},
       }) {
    EXPECT_EQ(json_defect(body), defect) << body;
  }
}

TEST(JsonBody, FindsEveryCut) {
  const std::string whole =
      R"({"data":[{"id":{"x":"1\\"},"values":{"n":[1.5,"\"}]"]}},[[]],true],"next":null})";
  ASSERT_EQ(json_defect(whole), std::nullopt);
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_NE(json_defect(std::string_view(whole).substr(0, size)), std::nullopt) << size;
  }
}

TEST(JsonBody, CountsLargeBodiesForPeople) {
  EXPECT_EQ(json_defect("[" + std::string(4095, ' ')),
            "a JSON body that is cut off after 4,096 bytes");
}

}  // namespace
}  // namespace ingestr
