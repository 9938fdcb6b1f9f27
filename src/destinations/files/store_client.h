// What requests to object stores have in common, whatever language the store speaks.
#pragma once

#include <cstdint>
#include <fstream>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/uri.h"
#include "engine/context.h"
#include "http/client.h"

namespace ingestr::file_output {

inline constexpr size_t kShownAnswerBytes = 200;

// Tries again what may help; throws Error with what the store says of what it refuses: auth, not_found, rate_limited, conflict,
// unavailable. `stop` ends its waits; `context` outlives it.
std::unique_ptr<HttpClient> make_store_client(const Context& context, std::stop_token stop);

// What a URI names: a bucket or container, and a file in it, or a directory, which ends with "/". Throws Error(usage) when it names
// no such thing; `holder` is what the store calls the former.
struct StoreName {
  std::string holder;
  std::string key;
};
StoreName store_name(const Uri& uri, std::string_view holder);

// Of an answer to HEAD, or to GET: whether there is something, with something in it. Throws Error for a 403: unsupported when it is that who
// asks may write and not read, else auth.
bool has_content(const HttpResponse& answer);

// "/a%20b/c.csv"
std::string encoded_path(std::string_view key);
// The next bytes of a file. Throws Error(unavailable) when there are fewer.
std::string read_block(std::ifstream& file, uint64_t bytes);

}  // namespace ingestr::file_output
