// Threads of comments on a record or an entry. A thread's id leads back to what it is about.
#include <fmt/core.h>

#include <algorithm>

#include "answers.h"
#include "errors.h"
#include "paging.h"
#include "texts.h"

namespace sandbox::answer {
namespace {

constexpr uint64_t kMostCommentsInside = 80;

// What a thread is about.
struct ThreadTopic {
  Uuid id;  // of the record or entry
  bool is_entry = false;
  std::string place;  // `"entry":…,"record":…`
};

constexpr std::string_view scopes_of(bool is_entry) {
  return is_entry ? "list_configuration:read list_entry:read"
                  : "object_configuration:read record_permission:read";
}

std::string record_json(const Uuid& object, const Uuid& record) {
  return fmt::format(R"({{"record_id":"{}","object_id":"{}"}})", to_text(record), to_text(object));
}

ThreadTopic topic_of(const Object& object, const Row& record) {
  return {record.id, false,
          fmt::format(R"("entry":null,"record":{})", record_json(object.id, record.id))};
}

ThreadTopic topic_of(const Call& call, const List& list, const Row& entry) {
  const Object* parent = call.workspace.find_object(list.parent_object);
  return {entry.id, true,
          fmt::format(R"("entry":{{"entry_id":"{}","list_id":"{}"}},"record":{})",
                      to_text(entry.id), to_text(list.id),
                      record_json(parent->id, list.table->writer().parent(entry)))};
}

// What the parameters name, or nothing with the refusal in `reply`.
std::optional<ThreadTopic> asked_topic_of_thread(const Call& call, Reply& reply) {
  const auto object_name = call.query.find("object"), record_id = call.query.find("record_id"),
             list_name = call.query.find("list"), entry_id = call.query.find("entry_id");
  const bool is_entry = list_name && entry_id;
  if (is_entry == (object_name && record_id)) {
    reply = invalid_request("Either object and record_id or list and entry_id are needed.");
    return std::nullopt;
  }
  if (auto refusal = call.access.refuse_scopes(scopes_of(is_entry))) {
    reply = *refusal;
    return std::nullopt;
  }
  if (is_entry) {
    const List* list = usable_list(call, *list_name, reply);
    const auto entry = list ? usable_row(*list->table, *entry_id, reply) : std::nullopt;
    return entry ? std::optional(topic_of(call, *list, entry->row)) : std::nullopt;
  }
  const Object* object = usable_object(call, *object_name, reply);
  const auto record = object ? usable_row(*object->table, *record_id, reply) : std::nullopt;
  return record ? std::optional(topic_of(*object, record->row)) : std::nullopt;
}

struct Thread {
  Uuid id;
  Row row;
  ThreadTopic topic;
};

std::optional<Thread> thread_under(const Call& call, const Uuid& id, const ThreadTopic& topic) {
  const auto rows = call.workspace.resources().of(Resource::thread, topic.id);
  for (const Row& row : rows->all())
    if (child_id(topic.id, row) == id) return Thread{id, row, topic};
  return std::nullopt;
}

std::optional<Thread> find_thread(const Call& call) {
  const auto id = parse_uuid(call.parameters.front());
  if (!id) return std::nullopt;
  const uint64_t place = Collection::place(*id);
  for (const Object& object : call.workspace.objects())
    if (const auto record = object.table->rows().find_place(place))
      if (auto thread = thread_under(call, *id, topic_of(object, record->row))) return thread;
  for (const List& list : call.workspace.lists())
    if (const auto entry = list.table->rows().find_place(place))
      if (auto thread = thread_under(call, *id, topic_of(call, list, entry->row))) return thread;
  return std::nullopt;
}

// The first comment has the id of its thread.
void comment(const Call& call, const Thread& thread, const Row& row, JsonWriter& out) {
  Random random = call.workspace.resources().content(Resource::comment, thread.id, row);
  const Milliseconds opened = time_of(thread.row),
                     at = row.key == 0 ? opened : opened + (time_of(row) - time_of({})) / 50;
  const std::string_view text = wild_texts()[random.below(wild_texts().size())];
  const uint64_t author = random.below(4), resolver = random.below(2);
  const bool resolved = row.key == 0 && random.percent(30);
  out.raw(fmt::format(
      R"({{"id":{{"workspace_id":"{}","comment_id":"{}"}},"thread_id":"{}","content_plaintext":"{}",{},)"
      R"("resolved_at":{},"resolved_by":{},"created_at":"{}","author":{})",
      kWorkspaceId, to_text(row.key == 0 ? thread.id : row.id), to_text(thread.id), text,
      thread.topic.place,
      resolved ? json_string(timestamp_text(opened + 90 * kMinute)) : "null",
      resolved ? actor_json(kActors[resolver]) : "null", timestamp_text(at),
      actor_json(kActors[author])));
}

void thread_row(const Call& call, const Thread& thread, JsonWriter& out) {
  out.raw(fmt::format(R"({{"id":{{"workspace_id":"{}","thread_id":"{}"}},"comments":[)",
                      kWorkspaceId, to_text(thread.id)));
  const auto comments = call.workspace.resources().of(Resource::comment, thread.id);
  const uint64_t begin = out.out().size();
  for (const Row& row : comments->page(0, kMostCommentsInside)) {
    if (out.out().size() != begin) out.raw(',');
    comment(call, thread, row, out);
    out.raw('}');
  }
  out.raw(fmt::format(R"(],"created_at":"{}")", timestamp_text(time_of(thread.row))));
}

}  // namespace

Reply threads(const Call& call) {
  Reply reply;
  const auto topic = asked_topic_of_thread(call, reply);
  if (!topic) return reply;
  const auto rows = call.workspace.resources().of(Resource::thread, topic->id);
  return offset_page(call, *rows, {10, 50}, [&](const Row& row, JsonWriter& out) {
    thread_row(call, {child_id(topic->id, row), row, *topic}, out);
  });
}

Reply one_thread(const Call& call) {
  if (auto refusal = refuse_parameters(call, {"created_after"})) return *refusal;
  const auto thread = find_thread(call);
  if (!thread)
    return not_found(fmt::format("Thread with ID \"{}\" not found.", call.parameters.front()));
  if (auto refusal = call.access.refuse_scopes(scopes_of(thread->topic.is_entry))) return *refusal;
  const auto comments = call.workspace.resources().of(Resource::comment, thread->id);
  const CursorPage page =
      take_cursor_page(call, *comments, {250, 250}, [&](const Row& row, JsonWriter& out) {
        comment(call, *thread, row, out);
      });
  if (page.refusal) return *page.refusal;
  Reply reply;
  reply.body = fmt::format(
      R"({{"data":{{"id":{{"workspace_id":"{}","thread_id":"{}"}},"comments":{},"created_at":"{}"}},)"
      R"("pagination":{{"next_cursor":{}}}}})",
      kWorkspaceId, to_text(thread->id), page.rows, timestamp_text(time_of(thread->row)),
      page.next_cursor);
  return reply;
}

std::optional<Addressed> threads_rows(const Call& call) {
  Reply ignored;
  const auto topic = asked_topic_of_thread(call, ignored);
  if (!topic) return std::nullopt;
  return Addressed{"threads",
                   call.workspace.resources().of(Resource::thread, topic->id, true).get()};
}

std::optional<Addressed> one_thread_rows(const Call& call) {
  const auto thread = find_thread(call);
  if (!thread) return std::nullopt;
  return Addressed{"comments",
                   call.workspace.resources().of(Resource::comment, thread->id, true).get()};
}

}  // namespace sandbox::answer
