// Answers: the functions behind the endpoints, as the table in api.cc names them.
#pragma once

#include <optional>
#include <string>

#include "call.h"

namespace sandbox {

// The collection that an endpoint pages through, with a name for it: what --mutate changes.
struct Addressed {
  std::string name;
  Collection* rows;
};

namespace answer {

// model_answers.cc: the workspace's model.
Reply self(const Call& call);
Reply objects(const Call& call);
Reply one_object(const Call& call);
Reply lists(const Call& call);
Reply one_list(const Call& call);
Reply attributes(const Call& call, const Owner& owner);
Reply one_attribute(const Call& call, const Owner& owner);
Reply options(const Call& call, const Owner& owner);
Reply statuses(const Call& call, const Owner& owner);
Reply views(const Call& call, const Owner& owner);
std::optional<Addressed> views_rows(const Call& call, const Owner& owner);

// row_answers.cc: records and entries.
Reply query(const Call& call, const Owner& owner);
Reply one_row(const Call& call, const Owner& owner);
Reply values(const Call& call, const Owner& owner);
Reply record_entries(const Call& call);
std::optional<Addressed> query_rows(const Call& call, const Owner& owner);

// people_answers.cc: what people write.
Reply members(const Call& call);
Reply notes(const Call& call);
Reply tasks(const Call& call);
Reply webhooks(const Call& call);

// meeting_answers.cc
Reply meetings(const Call& call);
Reply recordings(const Call& call);
Reply transcript(const Call& call);
std::optional<Addressed> recordings_rows(const Call& call);
std::optional<Addressed> transcript_rows(const Call& call);

// thread_answers.cc
Reply threads(const Call& call);
Reply one_thread(const Call& call);
std::optional<Addressed> threads_rows(const Call& call);
std::optional<Addressed> one_thread_rows(const Call& call);

// file_answers.cc
Reply files(const Call& call);
std::optional<Addressed> files_rows(const Call& call);

// The same answer for objects and for lists.
template <Reply (*kAnswer)(const Call&, const Owner&)>
Reply of_object(const Call& call) {
  Reply reply;
  const Object* object = usable_object(call, reply);
  return object == nullptr ? reply : kAnswer(call, owner_of(*object));
}

template <Reply (*kAnswer)(const Call&, const Owner&)>
Reply of_list(const Call& call) {
  Reply reply;
  const List* list = usable_list(call, reply);
  return list == nullptr ? reply : kAnswer(call, owner_of(*list));
}

template <std::optional<Addressed> (*kRows)(const Call&, const Owner&)>
std::optional<Addressed> rows_of_object(const Call& call) {
  const Object* object = call.workspace.find_object(call.parameters.front());
  return object == nullptr ? std::nullopt : kRows(call, owner_of(*object));
}

template <std::optional<Addressed> (*kRows)(const Call&, const Owner&)>
std::optional<Addressed> rows_of_list(const Call& call) {
  const List* list = call.workspace.find_list(call.parameters.front());
  return list == nullptr ? std::nullopt : kRows(call, owner_of(*list));
}

}  // namespace answer
}  // namespace sandbox
