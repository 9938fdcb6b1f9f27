// Options: the command line of the sandbox, parsed and checked.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

// A key that the API "adds one day": written into every row from row number `from_row` on.
struct ExtraKey {
  std::string name;
  std::string json;
  uint64_t from_row = 0;
};

// What there is in the workspace.
struct DataOptions {
  uint64_t seed = 1;
  std::map<std::string, uint64_t>
      records;  // object slug to number of records; a new slug makes a custom object
  std::map<std::string, uint64_t>
      entries;  // list slug to number of entries; "slug@object" makes a list over that object
  bool no_lists = false;
  std::set<std::string> disabled_objects;
  uint64_t record_bytes = 3000;
  std::vector<ExtraKey> extra_keys;
  uint64_t members = 5;  // at least two, as rows name them
  uint64_t notes = 35;
  uint64_t tasks = 40;
  uint64_t webhooks = 12;
  uint64_t meetings = 60;
  bool future_attribute = false;
};

// Who may ask, and how much.
struct AccessOptions {
  std::vector<std::string> keys;    // empty: the built-in ones
  std::vector<std::string> scopes;  // empty: all
  uint64_t rate_limit = 100;        // requests a second; 0: none
  bool retry_after_seconds = false;
  uint64_t page_cap = 0;   // 0: none
  uint64_t max_limit = 0;  // of the two query endpoints; 0: none
  uint64_t notes_rate_limit = 10;   // requests a second to /v2/notes; 0: none
  bool short_cursor_pages = false;  // pages with few rows or none before the end
};

// What goes wrong, and how fast.
struct WeatherOptions {
  uint64_t latency_ms = 0;
  std::vector<std::string> faults;     // see faults.h
  std::vector<std::string> mutations;  // see faults.h
};

struct Options {
  int port = 0;
  std::string port_file;
  bool gzip = false;
  bool help = false;
  uint64_t log_size = 10000;
  DataOptions data;
  AccessOptions access;
  WeatherOptions weather;
};

class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Takes `--name value` and `--name=value`. Throws UsageError with a sentence. Faults and mutations
// are checked later, by those who parse them.
Options parse_options(const std::vector<std::string>& arguments);

std::string help_text();

}  // namespace sandbox
