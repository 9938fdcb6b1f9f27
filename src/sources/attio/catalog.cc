// Attio's endpoints and tables, one row each. Paths, paging styles, largest pages and scopes are those of Attio's
// OpenAPI document (https://api.attio.com/openapi/api) and of https://docs.attio.com/rest-api.
#include "sources/attio/endpoint.h"

namespace ingestr::attio {
namespace {

JsonField json(const char* name) { return {{name, TypeId::json}, {name}}; }
JsonField text(const char* name) { return {{name, TypeId::varchar}, {name}}; }
JsonField flag(const char* name) { return {{name, TypeId::boolean}, {name}}; }
JsonField whole(const char* name) { return {{name, TypeId::bigint}, {name}}; }
JsonField time(const char* name) { return {{name, TypeId::timestamp_tz}, {name}}; }
JsonField in_id(const char* name) { return {{name, TypeId::varchar}, {"id", name}}; }
JsonField outside(const char* name) { return {{name, TypeId::varchar}, {}}; }

const Parent kRecords = {"records", "record", "/id/record_id"};

// Columns: ids first, then the keys in the order of Attio's examples.
std::vector<JsonField> entry_fields() {
  return {json("id"), in_id("workspace_id"), in_id("list_id"), in_id("entry_id"), text("parent_record_id"),
          text("parent_object"), json("entry_values"), time("created_at")};
}

std::vector<JsonField> attribute_fields(const char* owner) {
  return {outside(owner), json("id"), in_id("workspace_id"), in_id("object_id"), in_id("attribute_id"), text("title"),
          text("description"), text("api_slug"), text("type"), flag("is_system_attribute"), flag("is_writable"),
          flag("is_required"), flag("is_unique"), flag("is_multiselect"), flag("is_default_value_enabled"),
          flag("is_archived"), json("default_value"), json("relationship"), time("created_at"), json("config")};
}

std::vector<JsonField> option_fields(const char* owner) {
  return {outside(owner), outside("attribute"), json("id"), in_id("workspace_id"), in_id("object_id"),
          in_id("attribute_id"), in_id("option_id"), text("title"), flag("is_archived")};
}

std::vector<JsonField> status_fields(const char* owner) {
  return {outside(owner), outside("attribute"), json("id"), in_id("workspace_id"), in_id("object_id"),
          in_id("attribute_id"), in_id("status_id"), text("title"), flag("is_archived"), flag("celebration_enabled"),
          text("target_time_in_status")};
}

Parent attributes_of(const char* endpoint, const char* type) {
  return {endpoint, "attribute", "/api_slug", "/type", type};
}

std::vector<TableKind> tables_of_the_workspace() {
  return {
      {.name = "self", .description = "the API key: its workspace and its scopes", .endpoint = "self",
       .key = {"workspace_id"},
       .fields = {flag("active"), text("scope"), text("client_id"), text("token_type"), whole("exp"), whole("iat"),
                  text("sub"), text("aud"), text("iss"), text("authorized_by_workspace_member_id"),
                  text("workspace_id"), text("workspace_name"), text("workspace_slug"), text("workspace_logo_url")}},
      {.name = "workspace_members", .description = "all members of the workspace", .endpoint = "workspace_members",
       .key = {"workspace_member_id"},
       .fields = {json("id"), in_id("workspace_id"), in_id("workspace_member_id"), text("first_name"),
                  text("last_name"), text("avatar_url"), text("email_address"), text("access_level"),
                  time("created_at")}},
      {.name = "notes", .description = "all notes", .endpoint = "notes", .key = {"note_id"},
       .fields = {json("id"), in_id("workspace_id"), in_id("note_id"), text("parent_object"),
                  text("parent_record_id"), text("title"), text("meeting_id"), text("content_plaintext"),
                  text("content_markdown"), json("tags"), json("created_by_actor"), time("created_at")}},
      {.name = "tasks", .description = "all tasks", .endpoint = "tasks", .key = {"task_id"},
       .fields = {json("id"), in_id("workspace_id"), in_id("task_id"), text("content_plaintext"),
                  flag("is_completed"), time("completed_at"), time("deadline_at"), json("linked_records"),
                  json("assignees"), json("created_by_actor"), time("created_at")}},
      {.name = "meetings", .description = "all meetings", .endpoint = "meetings", .key = {"meeting_id"},
       .fields = {json("id"), in_id("workspace_id"), in_id("meeting_id"), text("title"), text("description"),
                  flag("is_all_day"), json("start"), json("end"), json("participants"), json("linked_records"),
                  time("created_at"), json("created_by_actor")}},
      {.name = "call_recordings", .description = "the call recordings of all meetings",
       .parents = {{"meetings", "meeting", "/id/meeting_id"}}, .endpoint = "call_recordings",
       .key = {"call_recording_id"},
       .fields = {json("id"), in_id("workspace_id"), in_id("meeting_id"), in_id("call_recording_id"), text("status"),
                  text("web_url"), json("created_by_actor"), time("created_at")}},
      {.name = "transcripts", .description = "the transcripts of all call recordings, one row a page of an answer",
       .parents = {{"meetings", "meeting", "/id/meeting_id"},
                   {"call_recordings", "recording", "/id/call_recording_id"}},
       .endpoint = "transcript", .key = {"call_recording_id", "transcript"},
       .fields = {json("id"), in_id("workspace_id"), in_id("meeting_id"), in_id("call_recording_id"),
                  json("transcript"), text("raw_transcript"), text("web_url")}},
      {.name = "webhooks", .description = "all webhooks", .endpoint = "webhooks", .key = {"webhook_id"},
       .fields = {json("id"), in_id("workspace_id"), in_id("webhook_id"), text("target_url"), text("status"),
                  json("subscriptions"), time("created_at")}},
  };
}

std::vector<TableKind> tables_of_an_object() {
  return {
      {.name = "attributes", .argument = "object", .description = "the attributes of an object",
       .endpoint = "attributes", .key = {"attribute_id"}, .fields = attribute_fields("object")},
      {.name = "select_options", .argument = "object",
       .description = "the options of all select attributes of an object",
       .parents = {attributes_of("attributes", "select")}, .endpoint = "options", .key = {"option_id"},
       .fields = option_fields("object")},
      {.name = "statuses", .argument = "object", .description = "the statuses of all status attributes of an object",
       .parents = {attributes_of("attributes", "status")}, .endpoint = "statuses", .key = {"status_id"},
       .fields = status_fields("object")},
      {.name = "comments", .argument = "object", .description = "the comments of all threads on records of an object",
       .parents = {kRecords, {"threads", "thread", "/id/thread_id"}}, .endpoint = "comments", .key = {"comment_id"},
       .fields = {json("id"), in_id("workspace_id"), in_id("comment_id"), text("thread_id"),
                  text("content_plaintext"), json("entry"), json("record"), time("resolved_at"), json("resolved_by"),
                  time("created_at"), json("author")}},
      {.name = "record_history", .argument = "object",
       .description = "each value that an attribute of a record ever had, with the time it was active",
       .parents = {kRecords, {"attributes", "attribute", "/api_slug"}}, .endpoint = "history",
       .key = {"record", "attribute", "active_from", "value"},
       .fields = {outside("object"), outside("record"), outside("attribute"), text("attribute_type"),
                  time("active_from"), time("active_until"), json("created_by_actor"),
                  {{"value", TypeId::json}, {}}},
       .whole_row = "value", .second_argument = "attribute"},
      {.name = "record_entries", .argument = "object", .description = "in which lists the records of an object are",
       .parents = {kRecords}, .endpoint = "record_entries", .key = {"entry_id"},
       .fields = {outside("object"), outside("record"), text("list_id"), text("list_api_slug"), text("entry_id"),
                  time("created_at")}},
      {.name = "files", .argument = "object", .description = "the files on records of an object",
       .parents = {kRecords}, .endpoint = "files", .key = {"file_id"},
       .fields = {json("id"), in_id("workspace_id"), in_id("file_id"), text("object_id"), text("object_slug"),
                  text("record_id"), text("storage_provider"), json("created_by_actor"), time("created_at"),
                  text("file_type"), text("name"), text("content_type"), whole("content_size"),
                  text("parent_folder_id")}},
      {.name = "views", .argument = "object", .description = "the views of an object", .endpoint = "views",
       .key = {"view_id"}, .fields = {outside("object"), json("id"), in_id("workspace_id"), in_id("view_id")}},
  };
}

std::vector<TableKind> tables_of_a_list() {
  return {
      {.name = "list_attributes", .argument = "list", .description = "the attributes of a list",
       .endpoint = "list_attributes", .key = {"attribute_id"}, .fields = attribute_fields("list")},
      {.name = "list_select_options", .argument = "list",
       .description = "the options of all select attributes of a list",
       .parents = {attributes_of("list_attributes", "select")}, .endpoint = "list_options", .key = {"option_id"},
       .fields = option_fields("list")},
      {.name = "list_statuses", .argument = "list", .description = "the statuses of all status attributes of a list",
       .parents = {attributes_of("list_attributes", "status")}, .endpoint = "list_statuses", .key = {"status_id"},
       .fields = status_fields("list")},
      {.name = "list_views", .argument = "list", .description = "the views of a list", .endpoint = "list_views",
       .key = {"view_id"}, .fields = {outside("list"), json("id"), in_id("workspace_id"), in_id("view_id")}},
  };
}

// The five tables of the manual come first.
std::vector<TableKind> make_table_kinds() {
  std::vector<TableKind> kinds = {
      {.name = "objects", .description = "all objects", .endpoint = "objects", .key = {"object_id"},
       .fields = {json("id"), in_id("workspace_id"), in_id("object_id"), text("api_slug"), text("singular_noun"),
                  text("plural_noun"), time("created_at")}},
      {.name = "records", .argument = "object", .description = "all records of an object", .endpoint = "records",
       .key = {"record_id"},
       .fields = {json("id"), in_id("workspace_id"), in_id("object_id"), in_id("record_id"), time("created_at"),
                  text("web_url"), json("values")},
       .values = "values", .filters_created_at = true},
      {.name = "lists", .description = "all lists", .endpoint = "lists", .key = {"list_id"},
       .fields = {json("id"), in_id("workspace_id"), in_id("list_id"), text("api_slug"), text("name"),
                  json("parent_object"), text("workspace_access"), json("workspace_member_access"),
                  json("created_by_actor"), time("created_at")}},
      {.name = "list_entries", .argument = "list", .description = "all entries of one list",
       .endpoint = "list_entries", .key = {"list_id", "entry_id"}, .fields = entry_fields(),
       .values = "entry_values", .filters_created_at = true},
      {.name = "all_list_entries", .argument = "object", .description = "all entries of all lists of an object",
       .parents = {{"lists", "list", "/id/list_id", "/parent_object", "{object}"}}, .endpoint = "list_entries",
       .key = {"list_id", "entry_id"}, .fields = entry_fields(), .values = "entry_values",
       .filters_created_at = true},
  };
  for (const auto& more : {tables_of_an_object(), tables_of_a_list(), tables_of_the_workspace()}) {
    kinds.insert(kinds.end(), more.begin(), more.end());
  }
  return kinds;
}

std::vector<Endpoint> make_endpoints() {
  const std::string object_scope = "object_configuration:read";
  const std::string record_scopes = "record_permission:read object_configuration:read";
  const std::string list_scope = "list_configuration:read";
  return {
      {.name = "self", .path = "/self", .rows = "", .single = true},
      {.name = "objects", .path = "/objects", .scopes = object_scope},
      {.name = "records", .method = "POST", .path = "/objects/{object}/records/query", .paging = Paging::offset_body,
       .scopes = record_scopes},
      {.name = "lists", .path = "/lists", .scopes = list_scope},
      {.name = "list_entries", .method = "POST", .path = "/lists/{list}/entries/query", .paging = Paging::offset_body,
       .scopes = "list_entry:read list_configuration:read"},
      // Attio states no largest page for attributes; 48 came back when none was asked for.
      {.name = "attributes", .path = "/objects/{object}/attributes", .paging = Paging::offset_query,
       .scopes = object_scope, .page_size = 100},
      {.name = "list_attributes", .path = "/lists/{list}/attributes", .paging = Paging::offset_query,
       .scopes = list_scope, .page_size = 100},
      {.name = "options", .path = "/objects/{object}/attributes/{attribute}/options?show_archived=true",
       .scopes = object_scope},
      {.name = "list_options", .path = "/lists/{list}/attributes/{attribute}/options?show_archived=true",
       .scopes = list_scope},
      {.name = "statuses", .path = "/objects/{object}/attributes/{attribute}/statuses?show_archived=true",
       .scopes = object_scope},
      {.name = "list_statuses", .path = "/lists/{list}/attributes/{attribute}/statuses?show_archived=true",
       .scopes = list_scope},
      {.name = "workspace_members", .path = "/workspace_members", .scopes = "user_management:read"},
      {.name = "notes", .path = "/notes", .paging = Paging::offset_query, .scopes = "note:read " + record_scopes,
       .page_size = 50, .requests_per_second = 10},
      {.name = "tasks", .path = "/tasks", .paging = Paging::offset_query,
       .scopes = "task:read " + record_scopes + " user_management:read", .page_size = 500},
      {.name = "webhooks", .path = "/webhooks", .paging = Paging::offset_query, .scopes = "webhook:read",
       .page_size = 100},
      {.name = "meetings", .path = "/meetings", .paging = Paging::cursor,
       .scopes = "meeting:read record_permission:read", .page_size = 200},
      {.name = "call_recordings", .path = "/meetings/{meeting}/call_recordings", .paging = Paging::cursor,
       .scopes = "meeting:read call_recording:read", .page_size = 200, .no_rows = {404}},
      // Not ready yet: 404 or 409.
      {.name = "transcript", .path = "/meetings/{meeting}/call_recordings/{recording}/transcript",
       .paging = Paging::cursor, .scopes = "meeting:read call_recording:read", .single = true,
       .no_rows = {404, 409}},
      {.name = "threads", .path = "/threads?object={object}&record_id={record}", .paging = Paging::offset_query,
       .scopes = "comment:read " + record_scopes, .page_size = 50, .no_rows = {404}},
      {.name = "comments", .path = "/threads/{thread}", .paging = Paging::cursor,
       .scopes = "comment:read " + record_scopes, .page_size = 250, .rows = "/data/comments", .no_rows = {404}},
      // Attio keeps no history of enriched attributes and says so with 400. A record that was merged away is 404.
      {.name = "history",
       .path = "/objects/{object}/records/{record}/attributes/{attribute}/values?show_historic=true",
       .paging = Paging::offset_query, .scopes = record_scopes, .page_size = 100, .no_rows = {400, 404},
       .no_rows_of = "attribute"},
      {.name = "record_entries", .path = "/objects/{object}/records/{record}/entries", .paging = Paging::offset_query,
       .scopes = record_scopes + " list_entry:read", .page_size = 1000, .no_rows = {404}},
      {.name = "files", .path = "/files?object={object}&record_id={record}", .paging = Paging::cursor,
       .scopes = "file:read " + record_scopes, .page_size = 200, .no_rows = {404}},
      {.name = "views", .path = "/objects/{object}/views", .paging = Paging::cursor, .scopes = object_scope,
       .page_size = 1000},
      {.name = "list_views", .path = "/lists/{list}/views", .paging = Paging::cursor, .scopes = list_scope,
       .page_size = 1000},
  };
}

}  // namespace

const std::vector<Endpoint>& endpoints() {
  static const std::vector<Endpoint> all = make_endpoints();
  return all;
}

const std::vector<TableKind>& table_kinds() {
  static const std::vector<TableKind> all = make_table_kinds();
  return all;
}

}  // namespace ingestr::attio
