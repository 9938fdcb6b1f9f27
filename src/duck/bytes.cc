#include "duck/bytes.h"

#include <duckdb.h>

#include <algorithm>
#include <type_traits>

#include "base/forced_end.h"
#include "duck/failure.h"

namespace ingestr::duck {
namespace {

struct DestroyForBytes {
  void operator()(duckdb_client_context context) const { duckdb_destroy_client_context(&context); }
  void operator()(duckdb_file_system files) const { duckdb_destroy_file_system(&files); }
  void operator()(duckdb_file_open_options options) const { duckdb_destroy_file_open_options(&options); }
  void operator()(duckdb_file_handle file) const { duckdb_destroy_file_handle(&file); }
};
template <class Handle>
using Owned = std::unique_ptr<std::remove_pointer_t<Handle>, DestroyForBytes>;

duckdb_client_context context_of(const Connection& connection) {
  duckdb_client_context context = nullptr;
  duckdb_connection_get_client_context(connection.get(), &context);
  return context;
}

}  // namespace

struct FileBytes::Handles {
  Owned<duckdb_client_context> context;
  Owned<duckdb_file_system> files;
  Owned<duckdb_file_handle> file;
};

FileBytes::FileBytes(Connection& connection, const std::string& path, uint64_t ahead)
    : transaction_(connection), handles_(std::make_unique<Handles>()), ahead_(ahead) {
  const Waiting waiting;
  handles_->context.reset(context_of(connection));
  handles_->files.reset(duckdb_client_context_get_file_system(handles_->context.get()));
  const Owned<duckdb_file_open_options> options(duckdb_create_file_open_options());
  duckdb_file_open_options_set_flag(options.get(), DUCKDB_FILE_FLAG_READ, true);
  duckdb_file_handle handle = nullptr;
  if (duckdb_file_system_open(handles_->files.get(), path.c_str(), options.get(), &handle) != DuckDBSuccess) {
    throw failure(duckdb_file_system_error_data(handles_->files.get()));
  }
  handles_->file.reset(handle);
  size_ = static_cast<uint64_t>(std::max<int64_t>(duckdb_file_handle_size(handle), 0));
}

FileBytes::~FileBytes() = default;

std::string FileBytes::at(uint64_t offset, uint64_t most) {
  if (most >= ahead_) return fetched(offset, most);
  if (offset < window_offset_ || offset + most > window_offset_ + window_.size()) {
    window_ = fetched(offset, ahead_);
    window_offset_ = offset;
  }
  return window_.substr(offset - window_offset_, most);
}

std::string FileBytes::fetched(uint64_t offset, uint64_t most) {
  const Waiting waiting;
  duckdb_file_handle file = handles_->file.get();
  std::string bytes(std::min(size_ - std::min(offset, size_), most), '\0');
  if (bytes.empty()) return bytes;
  if (duckdb_file_handle_seek(file, static_cast<int64_t>(offset)) != DuckDBSuccess) throw failure(duckdb_file_handle_error_data(file));
  size_t count = 0;
  while (count < bytes.size()) {
    const int64_t got = duckdb_file_handle_read(file, bytes.data() + count, static_cast<int64_t>(bytes.size() - count));
    if (got < 0) throw failure(duckdb_file_handle_error_data(file));
    if (got == 0) break;
    count += static_cast<size_t>(got);
  }
  bytes.resize(count);
  return bytes;
}

}  // namespace ingestr::duck
