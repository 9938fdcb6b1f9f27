// ObjectStore: a bucket of S3, or of a store that speaks its language, which files are put into.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/uri.h"
#include "engine/context.h"
#include "engine/remote_place.h"
#include "http/aws_signature.h"
#include "http/client.h"

namespace ingestr::file_output {

// One thread at a time. `context` outlives it.
class ObjectStore {
 public:
  // Throws Error(usage) for a URI without a bucket or a name in it, and for half of a key. Makes no request.
  ObjectStore(const RemotePlace& place, const Uri& uri, const Context& context);

  // What the URI names in the bucket; ends with "/" for a directory.
  const std::string& key() const { return key_; }
  // Whether there is a file of that name, with something in it. Throws Error: auth, not_found (no such bucket), unavailable.
  bool has(const std::string& key) const;
  // All files in a directory, without the directory's name. What ends with "/" was made for a directory.
  std::vector<std::string> list(const std::string& directory) const;
  // Whether it was there or not. Also when the user has asked to stop, for it ends what has been begun.
  void remove(const std::string& key) const;
  // Puts a file there; a reader sees the old one or the whole new one. Large ones go in parts, of which one is in memory; when
  // one fails the others are taken back. DuckDB writes there as well, but what it has when it is stopped half-way it shows.
  void put(const std::filesystem::path& file, const std::string& key) const;

 private:
  HttpResponse send(HttpRequest request, const std::string& key, const std::string& query) const;
  // Whether the user asks to stop or not: of what is cut off nobody knows whether the store has done it. It is not waited for long then.
  HttpResponse send_to_end(HttpRequest request, const std::string& key, const std::string& query) const;
  HttpResponse send_by(HttpClient& client, HttpRequest request, const std::string& path, const std::string& query) const;
  std::string begin_parts(const std::string& key) const;
  void put_parts(const std::filesystem::path& file, uint64_t bytes, const std::string& key) const;
  void complete(const std::string& key, const std::string& upload, const std::string& parts) const;
  // Tells versions of a file apart; nothing: who may only write is not told.
  std::optional<std::string> version_of(const std::string& key) const;

  const Context& context_;
  std::string base_;  // of the bucket: "https://host/bucket"
  std::string key_;
  AwsKey credentials_;
  std::unique_ptr<HttpClient> client_;         // stops when the user asks
  std::unique_ptr<HttpClient> ending_client_;  // does not
};

}  // namespace ingestr::file_output
