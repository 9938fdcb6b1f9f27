// What a command is asked to do, made of its settings.
#pragma once

#include "app/catalog.h"
#include "app/command.h"
#include "app/settings.h"
#include "engine/job.h"

namespace ingestr {

// Throws Error(usage) for what is missing (all of it at once) or wrong, Error(unsupported) for a
// flag that this version does not have. When the source table is a pattern, the destination table is one as well (app/routes.h).
Job make_job(const Settings& settings, const Catalog& catalog);

// What one of the commands that load nothing looks at.
struct Look {
  Uri source;
  std::string source_table;  // empty: the command needs none
  SourceOptions source_options;
  uint64_t limit = 0;
  bool json = false;
  bool debug = false;
};

// `command` is check, tables or preview. Throws Error(usage) for what is missing or wrong.
Look make_look(const Settings& settings, Command command);

}  // namespace ingestr
