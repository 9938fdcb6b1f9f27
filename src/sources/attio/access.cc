#include "sources/attio/access.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"
#include "simdjson.h"

namespace ingestr::attio {
namespace {

std::string text(simdjson::dom::element body, const char* key) {
  std::string_view value;
  return body[key].get_string().get(value) == simdjson::SUCCESS ? std::string(value) : "";
}

}  // namespace

bool Access::has(const std::string& scope) const {
  return std::any_of(scopes.begin(), scopes.end(),
                     [&](const std::string& held) { return held == scope || held == scope + "-write"; });
}

const std::optional<Access>& AccessCheck::get() {
  const std::lock_guard lock(mutex_);
  if (asked_) return access_;
  const HttpResponse response = http_.send({"GET", "/self", {}, "", true, {400, 404}});
  simdjson::dom::parser parser;
  simdjson::dom::element body;
  bool active = false;
  // A key that has not the shape of one is answered 400.
  if (response.status == 400) throw bad_key("");
  if (response.status == 200 && parser.parse(response.body).get(body) == simdjson::SUCCESS &&
      body["active"].get_bool().get(active) == simdjson::SUCCESS) {
    if (!active) throw bad_key("");
    access_ = Access{text(body, "workspace_id"), text(body, "workspace_name"), text(body, "workspace_slug"),
                     split(text(body, "scope"), ' ')};
  }
  asked_ = true;
  return access_;
}

void AccessCheck::require(const std::vector<std::string>& scopes) {
  const std::optional<Access>& access = get();
  if (!access) return;
  std::vector<std::string> missing;
  std::copy_if(scopes.begin(), scopes.end(), std::back_inserter(missing),
               [&](const std::string& scope) { return !access->has(scope); });
  if (missing.empty()) return;
  throw Error(ErrorKind::auth,
              fmt::format("the API key lacks {} {}, which this table needs; tick {} in Attio under Workspace settings, "
                          "Developers, and run again",
                          missing.size() == 1 ? "the scope" : "the scopes", fmt::join(missing, " and "),
                          missing.size() == 1 ? "it" : "them"));
}

Error bad_key(const std::string& says) {
  return {ErrorKind::auth, fmt::format("Attio refuses the API key{}; check api_key in --source-uri or ATTIO_API_KEY; keys "
                                       "are made in Attio under Workspace settings, Developers",
                                       says)};
}

}  // namespace ingestr::attio
