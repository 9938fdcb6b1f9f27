#include "api.h"

namespace sandbox {
namespace {

using namespace answer;

template <Resource kResource>
std::optional<Addressed> rows_of(const Call& call) {
  const std::string_view path = path_of(call.request.target);
  return Addressed{std::string(path.substr(path.rfind('/') + 1)),
                   &call.workspace.resources().of_workspace(kResource)};
}

constexpr std::string_view kModel = "object_configuration:read",
                           kListModel = "list_configuration:read",
                           kRecords = "record_permission:read object_configuration:read",
                           kEntries = "list_entry:read list_configuration:read";

constexpr Endpoint kEndpoints[] = {
    {"GET", "/v2/self", "", self},
    {"GET", "/v2/objects", kModel, objects},
    {"GET", "/v2/objects/{object}", kModel, one_object},
    {"GET", "/v2/objects/{object}/attributes", kModel, of_object<attributes>},
    {"GET", "/v2/objects/{object}/attributes/{attribute}", kModel, of_object<one_attribute>},
    {"GET", "/v2/objects/{object}/attributes/{attribute}/options", kModel, of_object<options>},
    {"GET", "/v2/objects/{object}/attributes/{attribute}/statuses", kModel, of_object<statuses>},
    {"GET", "/v2/objects/{object}/views", kModel, of_object<views>, rows_of_object<views_rows>},
    {"POST", "/v2/objects/{object}/records/query", kRecords, of_object<query>,
     rows_of_object<query_rows>},
    {"GET", "/v2/objects/{object}/records/{record}", kRecords, of_object<one_row>},
    {"GET", "/v2/objects/{object}/records/{record}/attributes/{attribute}/values", kRecords,
     of_object<values>},
    {"GET", "/v2/objects/{object}/records/{record}/entries",
     "record_permission:read object_configuration:read list_entry:read", record_entries},
    {"GET", "/v2/lists", kListModel, lists},
    {"GET", "/v2/lists/{list}", kListModel, one_list},
    {"GET", "/v2/lists/{list}/attributes", kListModel, of_list<attributes>},
    {"GET", "/v2/lists/{list}/attributes/{attribute}", kListModel, of_list<one_attribute>},
    {"GET", "/v2/lists/{list}/attributes/{attribute}/options", kListModel, of_list<options>},
    {"GET", "/v2/lists/{list}/attributes/{attribute}/statuses", kListModel, of_list<statuses>},
    {"GET", "/v2/lists/{list}/views", kListModel, of_list<views>, rows_of_list<views_rows>},
    {"POST", "/v2/lists/{list}/entries/query", kEntries, of_list<query>, rows_of_list<query_rows>},
    {"GET", "/v2/lists/{list}/entries/{entry}", kEntries, of_list<one_row>},
    {"GET", "/v2/lists/{list}/entries/{entry}/attributes/{attribute}/values", kEntries,
     of_list<values>},
    {"GET", "/v2/workspace_members", "user_management:read", members, rows_of<Resource::member>},
    {"GET", "/v2/notes", "note:read object_configuration:read record_permission:read", notes,
     rows_of<Resource::note>},
    {"GET", "/v2/tasks",
     "task:read object_configuration:read record_permission:read user_management:read", tasks,
     rows_of<Resource::task>},
    {"GET", "/v2/webhooks", "webhook:read", webhooks, rows_of<Resource::webhook>},
    {"GET", "/v2/threads", "comment:read", threads, threads_rows},
    {"GET", "/v2/threads/{thread}", "comment:read", one_thread, one_thread_rows},
    {"GET", "/v2/meetings", "meeting:read record_permission:read", meetings,
     rows_of<Resource::meeting>},
    {"GET", "/v2/meetings/{meeting}/call_recordings", "meeting:read call_recording:read",
     recordings, recordings_rows},
    {"GET", "/v2/meetings/{meeting}/call_recordings/{recording}/transcript",
     "meeting:read call_recording:read", transcript, transcript_rows},
    {"GET", "/v2/files", "file:read object_configuration:read record_permission:read", files,
     files_rows},
};

// Takes the first part off `path`, without its slash.
std::string_view take_part(std::string_view& path) {
  path.remove_prefix(1);
  const size_t end = std::min(path.find('/'), path.size());
  const std::string_view part = path.substr(0, end);
  path.remove_prefix(end);
  return part;
}

bool matches(std::string_view pattern, std::string_view path,
             std::vector<std::string>& parameters) {
  parameters.clear();
  while (pattern.starts_with('/') && path.starts_with('/')) {
    const std::string_view wanted = take_part(pattern);
    const std::string part = percent_decoded(take_part(path));
    if (wanted.starts_with('{') && !part.empty())
      parameters.push_back(part);
    else if (wanted != part)
      return false;
  }
  return pattern.empty() && path.empty();
}

}  // namespace

std::span<const Endpoint> endpoints() {
  return kEndpoints;
}

const Endpoint* find_endpoint(std::string_view method, std::string_view path,
                              std::vector<std::string>& parameters) {
  for (const Endpoint& endpoint : kEndpoints)
    if (endpoint.method == method && matches(endpoint.path, path, parameters)) return &endpoint;
  return nullptr;
}

}  // namespace sandbox
