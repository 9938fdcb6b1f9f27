// Files of a record: its own, folders, and those connected from a drive elsewhere.
#include <fmt/core.h>

#include "answers.h"
#include "errors.h"
#include "paging.h"

namespace sandbox::answer {
namespace {

struct Topic {
  const Object* object;
  Uuid record;
};

// The record that the parameters name, or nothing with the refusal in `reply`.
std::optional<Topic> asked_topic(const Call& call, Reply& reply) {
  const auto name = call.query.find("object"), id = call.query.find("record_id");
  if (!name || !id) {
    reply = invalid_request("Both object and record_id are needed.");
    return std::nullopt;
  }
  const Object* object = usable_object(call, *name, reply);
  const auto record = object ? usable_row(*object->table, *id, reply) : std::nullopt;
  return record ? std::optional(Topic{object, record->row.id}) : std::nullopt;
}

void file(const Call& call, const Topic& topic, const Row& row, JsonWriter& out) {
  Random random = call.workspace.resources().content(Resource::file, topic.record, row);
  const uint64_t kind = random.below(10), size = random.next() >> 20;
  const bool connected = kind == 0, folder = kind == 1;
  const auto created_by = actor_json(kActors[random.below(3)]);
  out.raw(fmt::format(
      R"({{"id":{{"workspace_id":"{}","file_id":"{}"}},"object_id":"{}","object_slug":{},"record_id":"{}",)"
      R"("storage_provider":"{}","created_by_actor":{},"created_at":"{}","file_type":"{}")",
      kWorkspaceId, to_text(row.id), to_text(topic.object->id), json_string(topic.object->slug),
      to_text(topic.record), connected ? "dropbox" : "attio", created_by,
      timestamp_text(time_of(row)), connected ? "connected-file" : folder ? "folder" : "file"));
  if (connected)
    return out.raw(fmt::format(R"(,"external_provider_file_id":"ext-{:x}","microsoft_drive_id":null)",
                               row.id.low));
  const uint64_t number = row.key & 0xffffff;
  if (folder)
    return out.raw(fmt::format(R"(,"name":"Ordner {}","parent_folder_id":null)", number));
  const bool unknown = kind == 2;
  out.raw(fmt::format(
      R"(,"name":"Angebot \"{}\".pdf","content_type":{},"content_size":{},"parent_folder_id":null)",
      number, unknown ? "null" : R"("application\/pdf")",
      unknown ? "null" : std::to_string(size)));
}

}  // namespace

Reply files(const Call& call) {
  if (auto refusal = refuse_parameters(call, {"storage_provider", "parent_folder_id"}))
    return *refusal;
  Reply reply;
  const auto topic = asked_topic(call, reply);
  if (!topic) return reply;
  const auto rows = call.workspace.resources().of(Resource::file, topic->record);
  return cursor_page(call, *rows, {50, 200}, [&](const Row& row, JsonWriter& out) {
    file(call, *topic, row, out);
  });
}

std::optional<Addressed> files_rows(const Call& call) {
  Reply ignored;
  const auto topic = asked_topic(call, ignored);
  if (!topic) return std::nullopt;
  return Addressed{"files",
                   call.workspace.resources().of(Resource::file, topic->record, true).get()};
}

}  // namespace sandbox::answer
