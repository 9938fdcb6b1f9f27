// Directories called column=value, as Apache Hive has them.
#pragma once

#include <string_view>

namespace ingestr {

// The value of the directory for rows that have none (hive.exec.default.partition.name).
inline constexpr std::string_view kHiveNullName = "__HIVE_DEFAULT_PARTITION__";

}  // namespace ingestr
