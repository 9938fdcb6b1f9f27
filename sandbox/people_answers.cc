// What people are and write: members, notes, tasks; and webhooks, which they set up.
#include <fmt/core.h>

#include "answers.h"
#include "errors.h"
#include "paging.h"
#include "texts.h"

namespace sandbox::answer {
namespace {

std::string_view pick(Texts texts, Random& random) {
  return texts[random.below(texts.size())];
}

Milliseconds some_days(Random& random) {
  return static_cast<Milliseconds>(1 + random.below(20)) * kDay + 1717;
}

// People do most of it, an app or a token the rest.
const Actor& draw_actor(Random& random) {
  return kActors[random.percent(75) ? random.below(2) : 2 + random.below(2)];
}

void id(JsonWriter& out, std::string_view name, const Row& row) {
  out.raw(fmt::format(R"({{"id":{{"workspace_id":"{}","{}":"{}"}})", kWorkspaceId, name,
                      to_text(row.id)));
}

void member(const Call& call, const Row& row, JsonWriter& out) {
  Random random = call.workspace.resources().content(Resource::member, {}, row);
  const std::string_view first = pick(first_words(), random), last = pick(second_words(), random);
  static constexpr std::string_view kLevels[] = {"member", "member", "admin", "suspended"};
  const std::string_view level = kLevels[random.below(4)];
  const bool has_picture = random.percent(50);
  id(out, "workspace_member_id", row);
  out.raw(fmt::format(
      R"(,"first_name":"{}","last_name":"{}","avatar_url":{},"email_address":"{}.{}.{}@northlight-example.com",)"
      R"("access_level":"{}","created_at":"{}")",
      first, last, has_picture ? R"("https:\/\/img.example\/member.png")" : "null", first,
      last, row.key & 0xffffff, level, timestamp_text(time_of(row))));
}

void note(const Call& call, const Row& row, JsonWriter& out) {
  Resources& resources = call.workspace.resources();
  Random random = resources.content(Resource::note, {}, row);
  const auto parent = call.workspace.draw_record(random);
  const auto other = call.workspace.draw_record(random);
  const auto meeting = resources.of_workspace(Resource::meeting).original_id(random.next());
  const std::string_view title = pick(job_titles(), random), text = pick(wild_texts(), random);
  const bool at_meeting = meeting && random.percent(30);
  id(out, "note_id", row);
  out.raw(fmt::format(
      R"(,"parent_object":{},"parent_record_id":"{}","title":"{}","meeting_id":{},)"
      R"("content_plaintext":"{}\n{}","content_markdown":"## {}\n\n**{}**","tags":[)",
      json_string(parent ? parent->object->slug : "people"),
      to_text(parent ? parent->id : named_uuid("a parent that is gone")), title,
      at_meeting ? json_string(to_text(*meeting)) : "null", title, text, title,
      text));
  const uint64_t tags = random.below(4);
  if (tags & 1)
    out.raw(fmt::format(R"({{"type":"workspace-member","workspace_member_id":"{}"}})",
                        kActors[random.below(2)].id));
  if ((tags & 2) && other)
    out.raw(fmt::format(R"({}{{"type":"record","object":{},"record_id":"{}"}})",
                        tags & 1 ? "," : "", json_string(other->object->slug), to_text(other->id)));
  out.raw(fmt::format(R"(],"created_by_actor":{},"created_at":"{}")",
                      actor_json(draw_actor(random)), timestamp_text(time_of(row))));
}

void task(const Call& call, const Row& row, JsonWriter& out) {
  Random random = call.workspace.resources().content(Resource::task, {}, row);
  const Milliseconds created = time_of(row);
  const bool done = random.percent(40);
  const auto time_or_null = [&](bool there) {
    return there ? json_string(timestamp_text(created + some_days(random))) : "null";
  };
  const std::string_view text = pick(wild_texts(), random);
  const std::string completed_at = time_or_null(done),
                    deadline_at = time_or_null(random.percent(60));
  id(out, "task_id", row);
  out.raw(fmt::format(
      R"(,"content_plaintext":"{}","is_completed":{},"completed_at":{},"deadline_at":{},"linked_records":[)",
      text, done, completed_at, deadline_at));
  for (uint64_t i = 0, count = random.below(3); i < count; ++i)
    if (const auto record = call.workspace.draw_record(random))
      out.raw(fmt::format(R"({}{{"target_object_id":"{}","target_record_id":"{}"}})",
                          i > 0 ? "," : "", to_text(record->object->id), to_text(record->id)));
  out.raw(R"(],"assignees":[)");
  for (uint64_t i = 0, count = random.below(3); i < count; ++i)
    out.raw(fmt::format(
        R"({}{{"referenced_actor_type":"workspace-member","referenced_actor_id":"{}"}})",
        i > 0 ? "," : "", kActors[i].id));
  out.raw(fmt::format(R"(],"created_by_actor":{},"created_at":"{}")",
                      actor_json(draw_actor(random)), timestamp_text(created)));
}

void webhook(const Call& call, const Row& row, JsonWriter& out) {
  Random random = call.workspace.resources().content(Resource::webhook, {}, row);
  static constexpr std::string_view kStates[] = {"active", "active", "degraded", "inactive"};
  static constexpr std::string_view kEvents[] = {"record.created", "record.merged", "note.created",
                                                 "list-entry.deleted", "task.updated"};
  const auto& objects = call.workspace.objects();
  const std::string_view state = kStates[random.below(4)],
                         event = kEvents[random.below(std::size(kEvents))];
  id(out, "webhook_id", row);
  out.raw(fmt::format(
      R"(,"target_url":"https:\/\/hooks.northlight-example.com\/attio?n={}","status":"{}","subscriptions":[)",
      row.key & 0xffffff, state));
  const bool filtered = random.percent(50);
  if (filtered)
    out.raw(fmt::format(
        R"({{"event_type":"record.updated","filter":{{"$and":[{{"field":"id.object_id","operator":"equals","value":"{}"}}]}}}},)",
        to_text(objects[random.below(objects.size())].id)));
  out.raw(fmt::format(R"({{"event_type":"{}","filter":null}}],"created_at":"{}")",
                      event, timestamp_text(time_of(row))));
}

}  // namespace

// Not paged. The two that rows name come first, whatever the order of ids.
Reply members(const Call& call) {
  std::string data = fmt::format(
      R"([{{"id":{{"workspace_id":"{0}","workspace_member_id":"{1}"}},"first_name":"Ines","last_name":"Okafor","avatar_url":null,)"
      R"("email_address":"ines@northlight-example.com","access_level":"admin","created_at":"2025-02-10T08:00:11.204000000Z")",
      kWorkspaceId, kActors[0].id);
  write_extra(call.extra_keys, 0, data);
  data += fmt::format(
      R"(}},{{"id":{{"workspace_id":"{0}","workspace_member_id":"{1}"}},"first_name":"Kofi","last_name":"Berg",)"
      R"("avatar_url":"https://img.example/kofi.png","email_address":"kofi@northlight-example.com",)"
      R"("access_level":"suspended","created_at":"2025-02-10T08:00:11.204000000Z")",
      kWorkspaceId, kActors[1].id);
  write_extra(call.extra_keys, 1, data);
  data += '}';
  JsonWriter out(data);
  uint64_t index = 2;
  Collection& rows = call.workspace.resources().of_workspace(Resource::member);
  for (const Row& row : rows.page(0, rows.size())) {
    out.raw(',');
    member(call, row, out);
    write_extra(call.extra_keys, index++, data);
    out.raw('}');
  }
  return data_reply(data + "]");
}

Reply notes(const Call& call) {
  if (auto refusal = refuse_parameters(call, {"parent_object", "parent_record_id"}))
    return *refusal;
  return offset_page(call, call.workspace.resources().of_workspace(Resource::note), {10, 50},
                     [&](const Row& row, JsonWriter& out) { note(call, row, out); });
}

Reply tasks(const Call& call) {
  if (auto refusal = refuse_parameters(
          call, {"linked_object", "linked_record_id", "assignee", "is_completed"}))
    return *refusal;
  const std::string sort = call.query.find("sort").value_or("created_at:asc");
  if (sort != "created_at:asc" && sort != "created_at:desc")
    return filter_error("The sandbox sorts tasks by created_at:asc and created_at:desc only.");
  return offset_page(
      call, call.workspace.resources().of_workspace(Resource::task), {500},
      [&](const Row& row, JsonWriter& out) { task(call, row, out); }, sort == "created_at:desc");
}

Reply webhooks(const Call& call) {
  return offset_page(call, call.workspace.resources().of_workspace(Resource::webhook),
                     {10, 100, 10},
                     [&](const Row& row, JsonWriter& out) { webhook(call, row, out); });
}

}  // namespace sandbox::answer
