#include "destinations/database/made_file.h"

#include "base/behind_links.h"

namespace ingestr::database {

namespace fs = std::filesystem;

MadeFile::MadeFile(const fs::path& file) : file_(behind_links(file)) {
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(file_, ignored))) at_forced_end_.emplace([this] { remove(); });
}

MadeFile::~MadeFile() {
  if (!at_forced_end_) return;
  at_forced_end_.reset();
  remove();
}

void MadeFile::begin() {
  std::error_code ignored;
  if (fs::file_size(file_, ignored) != 0) keep();
  is_changing_ = true;
}

void MadeFile::remove() const {
  std::error_code ignored;
  if (!is_changing_ && fs::file_size(file_, ignored) != 0) return;
  for (const char* suffix : {"", "-journal", "-wal", "-shm"}) fs::remove(fs::path(file_) += suffix, ignored);
}

}  // namespace ingestr::database
