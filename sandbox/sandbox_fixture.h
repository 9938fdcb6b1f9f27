// What tests of the whole Sandbox share: one without sockets, whose time stands still.
#pragma once

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "sandbox.h"

namespace sandbox {

using nlohmann::json;

inline constexpr const char* kCompanies = "/v2/objects/companies/records/query";

class SandboxTest : public testing::Test {
 protected:
  void start(const std::vector<std::string>& arguments) {
    sandbox_ = std::make_unique<Sandbox>(parse_options(arguments),
                                         Clock{[this] { return now_; }, [this] { return now_; },
                                               [this](Milliseconds time) { now_ += time; }});
  }

  Reply send(std::string method, std::string target, std::string body = "",
             std::string authorization = "Bearer key_123") {
    return sandbox_->answer({std::move(method), std::move(target), std::move(body),
                             std::move(authorization), "test", "gzip"});
  }
  Reply get(std::string target) { return send("GET", std::move(target)); }
  Reply page(uint64_t offset, uint64_t limit = 500) {
    return send("POST", kCompanies, fmt::format(R"({{"limit":{},"offset":{}}})", limit, offset));
  }
  json data(const Reply& reply) { return json::parse(reply.body).at("data"); }
  // All rows behind a GET, page by page: by cursor if the answers have one, else by offset until an
  // empty page.
  std::vector<json> all(const std::string& target, uint64_t limit) {
    const std::string asked = fmt::format("{}{}limit={}", target,
                                          target.find('?') == std::string::npos ? '?' : '&', limit);
    std::vector<json> rows;
    std::string next = asked;
    for (int pages = 0; pages < 3000; ++pages) {
      const Reply reply = get(next);
      EXPECT_EQ(reply.status, 200) << next << reply.body;
      if (reply.status != 200) return rows;
      const json body = json::parse(reply.body);
      const json& page = rows_in(body);
      EXPECT_LE(page.size(), limit);
      rows.insert(rows.end(), page.begin(), page.end());
      if (body.contains("pagination")) {
        if (body["pagination"]["next_cursor"].is_null()) return rows;
        next = asked + "&cursor=" + body["pagination"]["next_cursor"].get<std::string>();
      } else {
        if (page.empty()) return rows;
        next = fmt::format("{}&offset={}", asked, rows.size());
      }
    }
    ADD_FAILURE() << "no end of " << target;
    return rows;
  }

  // Comments and transcripts stand inside the data.
  static const json& rows_in(const json& body) {
    const json& rows = body["data"];
    if (rows.is_array()) return rows;
    return rows.contains("comments") ? rows["comments"] : rows["transcript"];
  }

  json stats() { return json::parse(get("/__sandbox/stats").body); }

  static std::string header(const Reply& reply, std::string_view name) {
    for (const auto& [key, value] : reply.headers)
      if (key == name) return value;
    return "";
  }

  void expect_error(const Reply& reply, int status, const std::string& code,
                    const std::string& message_part) {
    EXPECT_EQ(reply.status, status);
    const json body = json::parse(reply.body);
    EXPECT_EQ(body["status_code"], status);
    EXPECT_EQ(body["code"], code);
    EXPECT_NE(body["message"].get<std::string>().find(message_part), std::string::npos) << body;
  }

  Milliseconds now_ = 1783419631123;  // 2026-07-07T10:20:31.123Z
  std::unique_ptr<Sandbox> sandbox_;
};

}  // namespace sandbox
