// The control requests of the Sandbox, under /__sandbox/.
#include <fmt/core.h>

#include <sstream>
#include <stdexcept>

#include "errors.h"
#include "sandbox.h"

namespace sandbox {
namespace {

constexpr std::pair<std::string_view, Resource> kResources[] = {
    {"workspace_members", Resource::member},
    {"notes", Resource::note},
    {"tasks", Resource::task},
    {"webhooks", Resource::webhook},
    {"meetings", Resource::meeting},
};

Reply bad_order(std::string_view why) {
  return error_reply(400, "sandbox_error", "bad_request", why);
}

template <typename Rows>
std::string id_array(const Rows& rows) {
  std::string text = "[";
  JsonWriter out(text);
  for (const auto& row : rows) {
    if (text.size() > 1) out.raw(',');
    out.raw('"');
    out.uuid(row.id);
    out.raw('"');
  }
  return text + "]";
}

}  // namespace

Reply Sandbox::control(const Request& request) {
  const std::string_view path = path_of(request.target);
  const std::string asked = fmt::format("{} {}", request.method, path);
  Reply reply;
  if (asked == "GET /__sandbox/stats")
    reply.body = stats_.json();
  else if (asked == "GET /__sandbox/ids")
    reply = control_ids(request);
  else if (asked == "POST /__sandbox/reset")
    reply = control_reset(request);
  else if (asked == "POST /__sandbox/mutate")
    reply = control_mutate(request);
  else if (asked == "POST /__sandbox/faults")
    reply = control_faults(request);
  else
    reply = no_endpoint(request.method, path);
  return reply;
}

Reply Sandbox::control_reset(const Request& request) {
  const std::lock_guard lock(mutex_);
  stats_.reset(clock_.steady());
  limiter_.reset();
  notes_limiter_.reset();
  faults_.restart();
  mutations_.restart();
  if (Parameters(request.target).find("rows") == "true") workspace_.restore_rows();
  Reply reply;
  reply.body = "{}";
  return reply;
}

Reply Sandbox::control_faults(const Request& request) {
  std::vector<std::string> texts;
  std::istringstream lines(request.body);
  for (std::string line; std::getline(lines, line);)
    if (!line.empty()) texts.push_back(line);
  try {
    auto script = parse_faults(texts);
    const std::lock_guard lock(mutex_);
    faults_ = std::move(script);
  } catch (const std::invalid_argument& error) {
    return bad_order(error.what());
  }
  Reply reply;
  reply.body = fmt::format(R"({{"faults":{}}})", texts.size());
  return reply;
}

std::optional<Addressed> Sandbox::rows_named(const std::string& object, const std::string& list,
                                             const std::string& resource) const {
  if (const Object* found = workspace_.find_object(object))
    return Addressed{found->slug, &found->table->rows()};
  if (const List* found = workspace_.find_list(list))
    return Addressed{found->slug, &found->table->rows()};
  for (const auto& [name, kind] : kResources)
    if (name == resource)
      return Addressed{resource, &workspace_.resources().of_workspace(kind)};
  return std::nullopt;
}

Reply Sandbox::control_mutate(const Request& request) {
  MutationOrder order;
  try {
    order = parse_mutation(request.body);
  } catch (const std::invalid_argument& error) {
    return bad_order(error.what());
  }
  const auto addressed = rows_named(order.object, order.list, order.resource);
  if (!addressed) return bad_order("name an object, a list or a resource that exists");
  Collection& rows = *addressed->rows;
  std::vector<Row> changed;
  for (uint64_t i = 0; i < order.count; ++i) {
    std::optional<Row> row;
    if (order.erase)
      row = order.position ? rows.erase_at(*order.position) : rows.erase_in_served();
    else
      row = order.position ? rows.insert_at(*order.position) : rows.insert_in_served();
    if (!row) break;
    changed.push_back(*row);
    stats_.changed({order.erase ? "delete" : "insert", addressed->name, row->id, 0});
  }
  Reply reply;
  reply.body = fmt::format(R"({{"ids":{}}})", id_array(changed));
  return reply;
}

Reply Sandbox::control_ids(const Request& request) {
  const Parameters asked(request.target);
  const auto addressed =
      rows_named(asked.find("object").value_or(""), asked.find("list").value_or(""),
                 asked.find("resource").value_or(""));
  if (!addressed)
    return bad_order("name an object, a list or a resource, as in ?object=companies");
  Reply reply;
  reply.body = fmt::format(R"({{"ids":{}}})", id_array(addressed->rows->all()));
  return reply;
}

}  // namespace sandbox
