// Kind: one kind of file, whatever place it lies at.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "engine/connector.h"
#include "engine/source.h"
#include "sources/files/files.h"

namespace ingestr::files {

// Makes the table of that name. Files are found when it is prepared.
using MakeTable = std::function<std::unique_ptr<Table>(std::string name, FindFiles find, std::stop_token stop)>;

// What is around the tables of a source.
struct Surroundings {
  std::string temporary;  // the directory for what must be a file for a while; empty: nothing may reach the disk
  Logger& log;            // outlives the tables
  bool is_written_anew = false;  // see SourceOptions
};

struct Kind {
  // What it is called in a URI, the main name first: schemes of files on this machine, ends of names elsewhere.
  std::vector<std::string> names;
  std::string title;
  std::vector<Parameter> parameters;
  // Reads the parameters of a URI; `name` is the one of `names` that it goes by. Throws Error: usage, unsupported.
  std::function<MakeTable(const Uri& uri, std::string_view name, const Surroundings& around)> open;
};

// All of them.
std::vector<Kind> kinds();

// What the end of a file's name says: "csv" for "x.csv" and "x.CSV.gz". Empty: nothing.
std::string kind_name_of(std::string_view file);

}  // namespace ingestr::files
