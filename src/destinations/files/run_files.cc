#include "destinations/files/run_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <regex>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "destinations/files/format.h"

namespace ingestr::file_output {
namespace {

std::optional<std::string> table_of(const std::string& name) {
  static const std::regex kFile(R"(([^]+)-\d{8}T\d{12}Z-\d+(-\d+)?\.([a-z]+))");
  std::vector<std::string> parts = split(name, '/');
  std::smatch file;
  const std::string last = parts.back();
  if (!std::regex_match(last, file, kFile)) return std::nullopt;
  if (const auto known = extensions(); std::ranges::find(known, file[3].str()) == known.end()) return std::nullopt;
  parts.pop_back();
  const auto is_partition = [](const std::string& part) { return part.find('=') != std::string::npos && part.front() != '='; };
  if (!std::ranges::all_of(parts, is_partition)) return std::nullopt;
  return file[1];
}

}  // namespace

std::string table_part(const TableName& table) {
  if (!table.schema.empty()) return fmt::format("{}.{}", table_part({"", table.schema}), table_part({"", table.table}));
  std::string name;
  for (const char c : table.table) {
    const bool is_special = c == '/' || c == '%' || c == '.';
    is_special ? name += fmt::format("%{:02X}", static_cast<unsigned>(c)) : name += c;
  }
  return name;
}

std::string run_name(std::string_view table, SystemTime time, int process) {
  std::string moment = format_iso(time);
  std::erase_if(moment, [](char c) { return c == ':' || c == '-' || c == '.'; });
  return fmt::format("{}-{}-{}", table, moment, process);
}

std::vector<RunFile> run_files(const std::vector<std::string>& names, const std::string& directory) {
  std::vector<RunFile> files;
  for (const std::string& name : names) {
    const std::optional<std::string> table = table_of(name);
    if (!table) {
      throw Error(ErrorKind::unsupported,
                  fmt::format("--dest-uri names the directory {}, and {} in it is nothing that ingestr writes; to replace what is there, move "
                              "that away, or name another directory",
                              directory, name));
    }
    files.push_back({name, *table});
  }
  return files;
}

}  // namespace ingestr::file_output
