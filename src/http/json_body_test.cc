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
           R"({"\"\\\/\b\f\n\r\t\u00eF":"\\u" , "a" : true,"b":false,"c":null})",
           R"([0,-0,1.50,-1e5,1E+05,0.1e-999,12345678901234567890123,1e999])",
           R"(["\ud83d","\udc00\ud800"])",
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

TEST(JsonBody, FindsWhatIsNotJsonInsideBracketsThatMatch) {
  struct Case {
    const char* body;
    const char* defect;
  };
  for (const auto& [body, defect] : {
           Case{R"({"data":[{"id":{"workspace_id":nope}}]})", "31: nope}}]}"},
           Case{R"({"a":01})", "5: 01}"},
           Case{R"({"a":[1,-]})", "9: ]}"},
       }) {
    EXPECT_EQ(json_defect(body), std::string("a JSON body that is not valid at byte ") + defect) << body;
  }
  for (const char* body : {
           R"({"a":.5})",       R"({"a":5.})",        R"({"a":+5})",         R"({"a":1e})",       R"({"a":1e+})",
           R"({"a":-})",        R"({"a":0x10})",      R"({"a":1.2.3})",      R"({"a":1 2})",      R"({"a":--1})",
           R"({"a":NaN})",      R"({"a":Infinity})",  R"({"a":nul})",        R"({"a":nulll})",    R"({"a":True})",
           R"({"a":truefalse})", R"({"a":'b'})",      R"({"a":undefined})",  R"({a:1})",          R"({1:1})",
           R"({"a"})",          R"({"a" 1})",         R"({"a":})",           R"({"a":1,})",       R"({,"a":1})",
           R"({"a":1 "b":2})",  R"({"a"::1})",        R"({"a":"b""c"})",     R"({"a":"b"c})",     R"({"a":1,,"b":2})",
           R"([1,])",           R"([,1])",            R"([1 2])",            R"([1,,2])",         R"([1:2])",
           R"([[1],"a":"b"])", R"({"a":"b":[1]})",    R"([{"a":"b"},"c":{"d":1}])",
           R"(["a":1])",        R"([,])",             R"([:])",              R"({"a":[{}{}]})",   R"({"a":\"b"})",
           R"({"a":"\x"})",     R"({"a":"\u12"})",    R"({"a":"\u12g4"})",   R"({"\x":1})",       R"({"a":"\U0041"})",
           R"({"a":/**/1})",    "{\"a\":\"\n\"}",     "{\"a\":\"\x01\"}",   "{\"a\":\"\xff\"}", "{\"a\":\f1}",
           "{\"a\":1\xc2\xa0}", "{\"a\":\"\xed\xa0\x80\"}",
       }) {
    const auto defect = json_defect(body);
    ASSERT_TRUE(defect) << body;
    EXPECT_TRUE(defect->starts_with("a JSON body that is not valid ")) << body << ": " << *defect;
  }
}

TEST(JsonBody, TakesAThousandLevelsAndNoMore) {
  const auto nested = [](size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  EXPECT_EQ(json_defect(nested(1000)), std::nullopt);
  EXPECT_EQ(json_defect(nested(1001)), "a JSON body that is not valid at byte 1,000: " + std::string(1, '[') + std::string(19, ']') + "…");
  EXPECT_NE(json_defect(nested(1'000'000)), std::nullopt);
}

TEST(JsonBody, FindsEveryCut) {
  const std::string whole =
      R"({"data":[{"id":{"x":"1\\"},"values":{"n":[1.5,"\"}]"]}},[[]],true],"next":null})";
  ASSERT_EQ(json_defect(whole), std::nullopt);
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_NE(json_defect(whole.substr(0, size)), std::nullopt) << size;
  }
}

TEST(JsonBody, CountsLargeBodiesForPeople) {
  EXPECT_EQ(json_defect("[" + std::string(4095, ' ')),
            "a JSON body that is cut off after 4,096 bytes");
}

}  // namespace
}  // namespace ingestr
