// A transport that answers from files: the exchanges that a server is known to have, told again.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/client.h"

namespace ingestr {

// One line of an exchange list.
struct Exchange {
  std::string method;
  std::string target;  // path and query as they travel, without scheme and host
  std::string body;    // the request's body without white space outside of strings; "*": any
  int status = 0;
  HttpHeaders headers;  // of the answer
  std::string file;     // the answer's body; "-": none
};

// Reads an exchange list. One exchange a line, five or more words; lines that are empty or start
// with '#' are skipped:
//
//   METHOD TARGET BODY STATUS FILE [HEADER=VALUE]...
//   GET  /v2/objects                         *                         200 objects.json
//   POST /v2/objects/companies/records/query {"limit":500,"offset":0}  429 errors/limit.json
//   retry-after=1 POST /v2/objects/companies/records/query {"limit":500,"offset":0}  200
//   companies.json
//
// BODY holds no white space; write "*" for a request whose body does not matter or that has none.
// Header values hold no white space either. Files are named from the list's folder. Throws
// std::runtime_error for a line it cannot read.
std::vector<Exchange> parse_exchanges(std::string_view text);

// Thread-safe. Answers a request with the first exchange of its method, target and body that was
// not told yet; the last one of them is told again and again. A request that is in no exchange
// fails the running test with what was asked, and throws Error(internal).
std::unique_ptr<HttpClient> make_replay(const std::filesystem::path& list);
std::unique_ptr<HttpClient> make_replay(std::vector<Exchange> exchanges,
                                        std::filesystem::path folder);

}  // namespace ingestr
