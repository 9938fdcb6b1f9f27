// Records and entries: pages, single rows, the values of one attribute, and the lists a record is in.
#include <fmt/core.h>

#include <cmath>

#include "answers.h"
#include "errors.h"
#include "paging.h"

namespace sandbox::answer {
namespace {

// The cost of a query as recorded: nothing for a plain scan, close to 37.7 times the root of the
// row count for a sorted one. Tables without rows send no score.
void add_score(const Table& table, const Query& query, Reply& reply) {
  const uint64_t size = table.rows().size();
  if (size == 0) return;
  const double score =
      query.selective() ? std::round(37.7 * std::sqrt(static_cast<double>(size))) : 0;
  reply.headers.emplace_back("x-attio-record-query-score", fmt::format("{:.0f}", score));
}

}  // namespace

Reply query(const Call& call, const Owner& owner) {
  auto [query, refusal] = parse_query(call.request.body, call.limits.max_limit);
  if (refusal) return *refusal;
  if (call.limits.page_cap != 0) query.limit = std::min(query.limit, call.limits.page_cap);
  Reply reply;
  reply.body = R"({"data":[)";
  owner.table.write_page(query, call.extra_keys, reply.body);
  reply.body += "]}";
  add_score(owner.table, query, reply);
  return reply;
}

std::optional<Addressed> query_rows(const Call&, const Owner& owner) {
  return Addressed{std::string(owner.slug), &owner.table.rows()};
}

Reply one_row(const Call& call, const Owner& owner) {
  Reply reply;
  const auto found = usable_row(owner.table, call.parameters.at(1), reply);
  if (!found) return reply;
  std::string data;
  owner.table.write_one(*found, call.extra_keys, data);
  return data_reply(data);
}

Reply values(const Call& call, const Owner& owner) {
  Reply reply;
  const auto found = usable_row(owner.table, call.parameters.at(1), reply);
  if (!found) return reply;
  const std::string& name = call.parameters.at(2);
  const Attribute* attribute = find_attribute(owner.attributes, owner.id, name);
  if (attribute == nullptr)
    return not_found(fmt::format("Attribute with slug/ID \"{}\" not found.", name));
  const Switch show_historic = read_switch(call, "show_historic");
  if (show_historic.refusal) return *show_historic.refusal;
  if (show_historic.on &&
      (attribute->origin != Origin::people || attribute->type == ValueType::interaction))
    return invalid_request(fmt::format("show_historic cannot be true for the attribute \"{}\".",
                                       attribute->slug));
  const RowWriter& writer = owner.table.writer();
  std::vector<std::string> rows;
  if (show_historic.on) rows = writer.earlier_values_of(found->row, attribute->slug);
  for (std::string& value : writer.values_of(found->row, attribute->slug))
    rows.push_back(std::move(value));
  for (std::string& row : rows) row.pop_back();
  return offset_page(call, rows, kUnstated);
}

Reply record_entries(const Call& call) {
  Reply reply;
  const Object* object = usable_object(call, reply);
  if (object == nullptr) return reply;
  const auto record = usable_row(*object->table, call.parameters.at(1), reply);
  if (!record) return reply;
  std::vector<std::string> rows;
  for (const List& list : call.workspace.lists()) {
    if (list.parent_object != object->slug) continue;
    const RowWriter& writer = list.table->writer();
    for (const Row& entry : list.table->rows().all())
      if (writer.parent(entry) == record->row.id)
        rows.push_back(fmt::format(
            R"({{"list_id":"{}","list_api_slug":{},"entry_id":"{}","created_at":"{}")",
            to_text(list.id), json_string(list.slug), to_text(entry.id),
            timestamp_text(writer.made(entry))));
  }
  return offset_page(call, rows, {100, 1000});
}

}  // namespace sandbox::answer
