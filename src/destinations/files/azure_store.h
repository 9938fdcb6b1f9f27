// AzureStore: a container of Azure Blob Storage, which files are put into.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/uri.h"
#include "engine/context.h"
#include "engine/remote_place.h"
#include "http/azure_signature.h"
#include "http/client.h"

namespace ingestr::file_output {

// One thread at a time. `context` outlives it.
class AzureStore {
 public:
  // Throws Error(usage) for a URI without a container or a name in it, and without an account. Makes no request.
  AzureStore(const RemotePlace& place, const Uri& uri, const Context& context);

  // What the URI names in the container; ends with "/" for a directory.
  const std::string& key() const { return key_; }
  // Whether there is a file of that name, with something in it. Throws Error: auth, not_found (no such container), unavailable.
  bool has(const std::string& key) const;
  // All files in a directory, without the directory's name.
  std::vector<std::string> list(const std::string& directory) const;
  // Whether it was there or not. Also when the user has asked to stop, for it ends what has been begun.
  void remove(const std::string& key) const;
  // Puts a file there as a block blob; a reader sees the old one or the whole new one. Large ones go in blocks, of which one is in
  // memory, and which nobody sees until the list of them comes; those of a run that has failed Azure drops after a week.
  void put(const std::filesystem::path& file, const std::string& key) const;

 private:
  HttpResponse send(HttpRequest request, const std::string& key, const std::string& query) const;
  // Whether the user asks to stop or not: of what is cut off nobody knows whether the store has done it. It is not waited for long then.
  HttpResponse send_to_end(HttpRequest request, const std::string& key, const std::string& query) const;
  HttpResponse send_by(HttpClient& client, HttpRequest request, const std::string& path, const std::string& query) const;

  const Context& context_;
  std::string base_;  // of the container: "https://account.blob.core.windows.net/container"
  std::string key_;
  AzureKey credentials_;
  std::unique_ptr<HttpClient> client_;         // stops when the user asks
  std::unique_ptr<HttpClient> ending_client_;  // does not
};

}  // namespace ingestr::file_output
