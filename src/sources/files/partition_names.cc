#include "sources/files/partition_names.h"

#include "base/text.h"

namespace ingestr::files {

std::vector<std::string> partition_names(const std::string& path) {
  std::vector<std::string> parts = split(path, '/'), names;
  parts.pop_back();
  for (const std::string& part : parts) {
    const size_t equals = part.find('=');
    if (equals != std::string::npos && equals > 0) names.push_back(part.substr(0, equals));
  }
  return names;
}

std::string partition_options(const std::vector<std::string>& names) {
  return names.empty() ? "hive_partitioning = false" : "hive_partitioning = true, hive_types_autocast = false";
}

}  // namespace ingestr::files
