#include "choice.h"

#include <fmt/core.h>

namespace sandbox {
namespace {

// What a status has on top of an option. The second of each set has a target, the third is cheered.
std::string_view status_tail(size_t index) {
  if (index == 1) return R"(,"target_time_in_status":"P14D","celebration_enabled":false)";
  if (index == 2) return R"(,"target_time_in_status":null,"celebration_enabled":true)";
  return R"(,"target_time_in_status":null,"celebration_enabled":false)";
}

}  // namespace

Uuid attribute_id(const Uuid& owner, std::string_view slug) {
  return named_uuid(to_text(owner) + std::string(slug));
}

std::vector<Choice> choices_of(const Attribute& attribute, const Uuid& workspace,
                               const Uuid& owner) {
  const bool is_status = attribute.type == ValueType::status;
  const std::string attribute_text = to_text(attribute_id(owner, attribute.slug));
  std::vector<Choice> all;
  for (std::string_view title : attribute.choices) {
    Choice choice;
    choice.archived = title.starts_with('-');
    if (choice.archived) title.remove_prefix(1);
    choice.id = named_uuid(attribute_text + std::string(title));
    choice.json = fmt::format(
        R"({{"id":{{"workspace_id":"{}","object_id":"{}","attribute_id":"{}","{}_id":"{}"}},"title":"{}","is_archived":{}{}}})",
        to_text(workspace), to_text(owner), attribute_text, is_status ? "status" : "option",
        to_text(choice.id), title, choice.archived, is_status ? status_tail(all.size()) : "");
    all.push_back(std::move(choice));
  }
  return all;
}

}  // namespace sandbox
