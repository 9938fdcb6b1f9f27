#include "query.h"

#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "errors.h"
#include "json_writer.h"

namespace sandbox {
namespace {

using Json = nlohmann::ordered_json;

struct RefusedQuery {
  Reply reply;
};

std::string_view kind_of(const Json& value) {
  return value.type_name();
}

[[noreturn]] void refuse_type(std::string_view path, std::string_view expected,
                              std::string_view received) {
  throw RefusedQuery{invalid_body(fmt::format(
      R"({{"code":"invalid_type","path":[{0}],"message":"Expected {1}, received {2}","expected":"{1}","received":"{2}"}})",
      path.empty() ? "" : json_string(path), expected, received))};
}

[[noreturn]] void refuse_filter(std::string_view why) {
  throw RefusedQuery{filter_error(fmt::format("Error in filter: {}", why))};
}

uint64_t count_of(const Json& body, const char* name, uint64_t fallback, uint64_t least,
                  uint64_t most) {
  const auto found = body.find(name);
  if (found == body.end()) return fallback;
  if (!found->is_number()) refuse_type(name, "number", kind_of(*found));
  const double value = found->get<double>();
  if (value != std::floor(value)) refuse_type(name, "integer", "float");
  const auto refuse_size = [&](std::string_view code, std::string_view bound, uint64_t number,
                               std::string_view relation) {
    throw RefusedQuery{invalid_body(
        fmt::format(R"({{"code":"{}","{}":{},"type":"number","inclusive":true,"exact":false,)"
                    R"("message":"Number must be {} than or equal to {}","path":["{}"]}})",
                    code, bound, number, relation, number, name))};
  };
  if (value < static_cast<double>(least)) refuse_size("too_small", "minimum", least, "greater");
  if (value > static_cast<double>(most)) refuse_size("too_big", "maximum", most, "less");
  return static_cast<uint64_t>(value);
}

Milliseconds time_from(const Json& value) {
  const auto time =
      value.is_string() ? parse_timestamp(value.get_ref<const std::string&>()) : std::nullopt;
  if (!time) refuse_filter("a timestamp must have date, time and Z");
  return *time;
}

void filter_created(const Json& constraint, Query& query) {
  if (!constraint.is_object()) refuse_filter("created_at wants an object of operators");
  const auto from = [&](Milliseconds time) {
    query.created_from = std::max(query.created_from.value_or(time), time);
  };
  const auto until = [&](Milliseconds time) {
    query.created_until = std::min(query.created_until.value_or(time), time);
  };
  for (const auto& [name, value] : constraint.items()) {
    const Milliseconds time = time_from(value);
    if (name == "$gte")
      from(time);
    else if (name == "$gt")
      from(time + 1);
    else if (name == "$lt")
      until(time);
    else if (name == "$lte")
      until(time + 1);
    else if (name == "$eq")
      from(time), until(time + 1);
    else
      refuse_filter("no such operator on created_at: " + name);
  }
}

void filter_ids(const Json& constraint, Query& query) {
  Json wanted = constraint;
  if (constraint.is_object() && constraint.size() == 1) {
    const std::string& name = constraint.begin().key();
    if (name != "$eq" && name != "$in") refuse_filter("no such operator on ids here: " + name);
    wanted = constraint.begin().value();
  }
  if (wanted.is_string()) wanted = Json::array({wanted});
  if (!wanted.is_array()) refuse_filter("ids must be a string or a list of strings");
  query.ids.emplace();
  for (const auto& text : wanted) {
    const auto id =
        text.is_string() ? parse_uuid(text.get_ref<const std::string&>()) : std::nullopt;
    if (id) query.ids->push_back(*id);  // a text that is no id equals no id
  }
}

void apply_filter(const Json& filter, Query& query) {
  if (!filter.is_object()) refuse_type("filter", "object", kind_of(filter));
  for (const auto& [name, constraint] : filter.items()) {
    if (name == "created_at")
      filter_created(constraint, query);
    else if (name == "record_id" || name == "entry_id")
      filter_ids(constraint, query);
    else if (name == "$and" && constraint.is_array())
      for (const auto& part : constraint) apply_filter(part, query);
    else
      refuse_filter("the sandbox cannot filter on " + name);
  }
}

void apply_sorts(const Json& sorts, Query& query) {
  if (!sorts.is_array()) refuse_type("sorts", "array", kind_of(sorts));
  if (sorts.empty()) return;
  const Json& sort = sorts.front();
  if (!sort.is_object()) refuse_type("sorts", "object", kind_of(sort));
  const std::string attribute = sort.value("attribute", ""),
                    direction = sort.value("direction", "");
  if (attribute != "created_at" || (direction != "asc" && direction != "desc") || sorts.size() > 1)
    refuse_filter("the sandbox can sort on created_at only, asc or desc");
  query.order = direction == "asc" ? Order::created_ascending : Order::created_descending;
}

Query read_query(std::string_view text, uint64_t max_limit) {
  constexpr uint64_t kMostRows = 1ULL << 53;
  Query query;
  if (text.empty()) return query;
  const Json body = Json::parse(text, nullptr, false);
  if (body.is_discarded())
    throw RefusedQuery{invalid_body(
        R"({"code":"invalid_json","path":[],"message":"The body is not valid JSON"})")};
  if (!body.is_object()) refuse_type("", "object", kind_of(body));
  query.limit = count_of(body, "limit", query.limit, 1, max_limit == 0 ? kMostRows : max_limit);
  query.offset = count_of(body, "offset", 0, 0, kMostRows);
  if (body.contains("filter_view_id")) refuse_filter("the sandbox has no views to filter by");
  if (const auto filter = body.find("filter"); filter != body.end()) apply_filter(*filter, query);
  if (const auto sorts = body.find("sorts"); sorts != body.end()) apply_sorts(*sorts, query);
  return query;
}

}  // namespace

QueryBody parse_query(std::string_view body, uint64_t max_limit) {
  try {
    return {read_query(body, max_limit), std::nullopt};
  } catch (RefusedQuery& refused) {
    return {Query{}, std::move(refused.reply)};
  } catch (const Json::exception& error) {
    return {Query{}, filter_error(error.what())};
  }
}

MutationOrder parse_mutation(std::string_view text) {
  const Json body = Json::parse(text, nullptr, false);
  if (!body.is_object()) throw std::invalid_argument("the body must be a JSON object");
  try {
    MutationOrder order;
    order.object = body.value("object", "");
    order.list = body.value("list", "");
    order.resource = body.value("resource", "");
    const std::string op = body.value("op", "");
    if (op != "insert" && op != "delete")
      throw std::invalid_argument("op must be insert or delete");
    order.erase = op == "delete";
    if (body.contains("position")) order.position = body.at("position").get<uint64_t>();
    order.count = body.value("count", uint64_t{1});
    return order;
  } catch (const Json::exception& error) {
    throw std::invalid_argument(error.what());
  }
}

bool is_json(std::string_view text) {
  return Json::accept(text);
}

}  // namespace sandbox
