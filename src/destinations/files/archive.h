// Archive: a ZIP file that is written; files/zip_archive.h reads them. See PKWARE's APPNOTE.TXT. Without the extensions for what has more than 4 GB.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace ingestr::file_output {

// Writes one. One thread. It throws Error(unavailable, auth) when the file cannot be written; it is no archive before finish().
class Archive {
 public:
  explicit Archive(const std::filesystem::path& path);

  void add(std::string_view name, const std::string& content);
  // What is in a gzip file of one part without a name, as the embedded engine writes them.
  void add_packed(std::string_view name, const std::filesystem::path& gzip);
  void finish();

 private:
  void put(std::string_view bytes);
  void begin(std::string_view name, uint16_t method, uint32_t sum, uint32_t packed, uint32_t bytes);

  std::filesystem::path path_;
  std::ofstream out_;
  uint64_t at_ = 0;
  std::string directory_;
  uint16_t entries_ = 0;
};

}  // namespace ingestr::file_output
