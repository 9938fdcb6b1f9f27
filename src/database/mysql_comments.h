// Comments of columns by which a type that MySQL does not have is known again: our destination writes them, our source reads them.
#pragma once

#include <string_view>

namespace ingestr::database {

inline constexpr std::string_view kJsonComment = "JSON";          // of texts
inline constexpr std::string_view kIntervalComment = "INTERVAL";  // of texts
inline constexpr std::string_view kUuidComment = "UUID";          // of texts
inline constexpr std::string_view kBooleanComment = "BOOLEAN";    // of a tinyint
inline constexpr std::string_view kTimeComment = "TIME";          // of a time: never more than a day
inline constexpr std::string_view kUtcComment = "UTC";            // of a datetime

constexpr bool is_type_comment(std::string_view comment) {
  return comment == kJsonComment || comment == kIntervalComment || comment == kUuidComment || comment == kBooleanComment ||
         comment == kTimeComment || comment == kUtcComment;
}

}  // namespace ingestr::database
