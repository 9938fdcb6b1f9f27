#include "support/replay.h"

#include <fstream>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/text.h"

namespace ingestr {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream text;
  text << stream.rdbuf();
  return std::move(text).str();
}

// Without scheme, host and fragment.
std::string target_of(const std::string& url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string::npos) return url;
  const size_t path = url.find('/', scheme + 3);
  return path == std::string::npos ? "/" : url.substr(path, url.find('#', path) - path);
}

std::string without_space(std::string_view json) {
  std::string out;
  bool quoted = false;
  for (size_t at = 0; at < json.size(); ++at) {
    const char c = json[at];
    if (quoted && c == '\\' && at + 1 < json.size()) {
      out += c;
      out += json[++at];
      continue;
    }
    if (c == '"') quoted = !quoted;
    if (quoted || !trim(json.substr(at, 1)).empty()) out += c;
  }
  return out;
}

class Replay final : public HttpClient {
 public:
  Replay(std::vector<Exchange> exchanges, std::filesystem::path folder)
      : exchanges_(std::move(exchanges)), told_(exchanges_.size()), folder_(std::move(folder)) {}

  HttpResponse send(const HttpRequest& request) override {
    const Exchange* exchange = find(request);
    if (exchange == nullptr) {
      const std::string asked = request.method + " " + target_of(request.url) + " " + request.body;
      ADD_FAILURE() << "no exchange in " << folder_ << " answers " << asked;
      throw Error(ErrorKind::internal, "no exchange answers " + asked);
    }
    HttpResponse response;
    response.status = exchange->status;
    response.headers = exchange->headers;
    if (exchange->file != "-") response.body = read_file(folder_ / exchange->file);
    response.body.reserve(response.body.size() + kBodyPadding);
    return response;
  }

 private:
  const Exchange* find(const HttpRequest& request) {
    const std::string target = target_of(request.url);
    const std::string body = without_space(request.body);
    std::lock_guard lock(mutex_);
    const Exchange* last = nullptr;
    for (size_t i = 0; i < exchanges_.size(); ++i) {
      const Exchange& exchange = exchanges_[i];
      if (exchange.method != request.method || exchange.target != target) continue;
      if (exchange.body != "*" && exchange.body != body) continue;
      last = &exchange;
      if (!told_[i]) {
        told_[i] = true;
        break;
      }
    }
    return last;
  }

  const std::vector<Exchange> exchanges_;
  std::mutex mutex_;
  std::vector<bool> told_;
  const std::filesystem::path folder_;
};

}  // namespace

std::vector<Exchange> parse_exchanges(std::string_view text) {
  std::vector<Exchange> exchanges;
  for (const std::string& line : split(text, '\n')) {
    std::istringstream words(line);
    Exchange exchange;
    if (!(words >> exchange.method) || exchange.method.starts_with('#')) continue;
    if (!(words >> exchange.target >> exchange.body >> exchange.status >> exchange.file)) {
      throw std::runtime_error("an exchange needs METHOD TARGET BODY STATUS FILE: " + line);
    }
    for (std::string header; words >> header;) {
      const size_t equals = header.find('=');
      if (equals == std::string::npos) throw std::runtime_error("not a HEADER=VALUE: " + header);
      exchange.headers.emplace_back(to_lower(header.substr(0, equals)), header.substr(equals + 1));
    }
    exchanges.push_back(std::move(exchange));
  }
  return exchanges;
}

std::unique_ptr<HttpClient> make_replay(const std::filesystem::path& list) {
  return make_replay(parse_exchanges(read_file(list)), list.parent_path());
}

std::unique_ptr<HttpClient> make_replay(std::vector<Exchange> exchanges,
                                        std::filesystem::path folder) {
  return std::make_unique<Replay>(std::move(exchanges), std::move(folder));
}

}  // namespace ingestr
