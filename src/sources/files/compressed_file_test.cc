#include "sources/files/compressed_file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <fstream>

#include "base/error.h"
#include "duck/database.h"
#include "support/temporary_directory.h"

namespace ingestr::files {
namespace {

// Of more than one piece.
std::string rows() {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += fmt::format("{},x{}\n", i, i * 7919 % 1000);
  return text;
}

std::string gzip(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string bytes(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // zlib does not write there
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  bytes.resize(stream.total_out);
  deflateEnd(&stream);
  return bytes;
}

std::string zstd(const std::string& text, bool with_checksum) {
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, with_checksum ? 1 : 0);
  std::string bytes(ZSTD_compressBound(text.size()), '\0');
  bytes.resize(ZSTD_compress2(context, bytes.data(), bytes.size(), text.data(), text.size()));
  ZSTD_freeCCtx(context);
  return bytes;
}

class CompressedFileTest : public testing::Test {
 protected:
  // What is wrong with it; empty: nothing.
  std::string fault(const std::string& name, const std::string& bytes, const CompressedCheck& check = {}, const std::stop_token& stop = {}) {
    const std::string path = (directory_.path() / name).string();
    std::ofstream(path, std::ios::binary) << bytes;
    Files files;
    files.name = name;
    files.paths = {path};
    try {
      check_compressed(connection_, files, check, stop);
      return "";
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::cancelled) throw;
      EXPECT_EQ(error.kind(), ErrorKind::bad_data);
      EXPECT_THAT(error.what(), testing::StartsWith(name + ": "));
      return error.what();
    }
  }
  bool is_whole(const std::string& name, const std::string& bytes) {
    const std::string what = fault(name, bytes);
    if (what.empty()) return true;
    EXPECT_EQ(what, name + ": it is cut short or damaged, so not all of its rows can be read; get it again");
    return false;
  }

  TemporaryDirectory directory_;
  duck::Connection connection_ = duck::Database().connect();
};

TEST_F(CompressedFileTest, AWholeOneIsWhole) {
  EXPECT_TRUE(is_whole("x.gz", gzip(rows())));
  EXPECT_TRUE(is_whole("x.gz", gzip("") + gzip(rows()) + gzip("a")));
  EXPECT_TRUE(is_whole("x.GZ", gzip("a")));
  EXPECT_TRUE(is_whole("x.zst", zstd(rows(), true)));
  EXPECT_TRUE(is_whole("x.zst", zstd("", false) + zstd(rows(), false) + zstd("a", true)));
  EXPECT_TRUE(is_whole("x.zst", zstd("a", true) + std::string("\x50\x2A\x4D\x18\x03\0\0\0abc", 11)));  // a frame to be skipped
}

TEST_F(CompressedFileTest, OneThatIsCutIsNot) {
  const std::string packed = gzip(rows()), frames = zstd(rows(), true), bare = zstd(rows(), false);
  for (size_t i = 1; i < 40; ++i) {
    EXPECT_FALSE(is_whole("x.gz", packed.substr(0, packed.size() * i / 40))) << i;
    EXPECT_FALSE(is_whole("x.gz", packed.substr(0, packed.size() - i))) << i;
    EXPECT_FALSE(is_whole("x.zst", frames.substr(0, frames.size() * i / 40))) << i;
    EXPECT_FALSE(is_whole("x.zst", frames.substr(0, frames.size() - i))) << i;
    EXPECT_FALSE(is_whole("x.zst", bare.substr(0, bare.size() - i))) << i;
    EXPECT_FALSE(is_whole("x.zst", bare + bare.substr(0, i))) << i;
  }
  EXPECT_FALSE(is_whole("x.gz", packed + packed.substr(0, packed.size() / 2)));
  EXPECT_FALSE(is_whole("x.gz", packed.substr(0, 5)));
}

TEST_F(CompressedFileTest, OneWithAnotherChecksumIsNot) {
  std::string packed = gzip(rows()), frame = zstd(rows(), true);
  packed[packed.size() - 6] ^= 1;
  EXPECT_FALSE(is_whole("x.gz", packed));
  packed = gzip(rows());
  packed.back() ^= 1;  // its length
  EXPECT_FALSE(is_whole("x.gz", packed));
  frame.back() ^= 1;
  EXPECT_FALSE(is_whole("x.zst", frame));
}

TEST_F(CompressedFileTest, WhatIsNotCompressedIsNamed) {
  for (const char* name : {"x.gz", "x.zst"}) {
    for (const std::string& bytes : {std::string(), std::string("id,name\n1,x\n"), std::string(10'000, '\0')}) {
      EXPECT_THAT(fault(name, bytes), testing::HasSubstr("not compressed as its name says")) << name << bytes.size();
      EXPECT_THAT(fault(name, bytes, {.to_the_end = false}), testing::HasSubstr("not compressed as its name says")) << name << bytes.size();
    }
  }
  EXPECT_EQ(fault("x.csv", "id,name\n1,x\n"), "");
  EXPECT_EQ(fault("x.csv", ""), "");
}

TEST_F(CompressedFileTest, WhatStandsBehindIsNamed) {
  for (const std::string& behind : {std::string("more"), std::string(1000, '\0')}) {  // as on a tape
    EXPECT_THAT(fault("x.gz", gzip(rows()) + behind), testing::HasSubstr("not compressed stands behind"));
    EXPECT_THAT(fault("x.zst", zstd(rows(), true) + behind), testing::HasSubstr("not compressed stands behind"));
  }
}

TEST_F(CompressedFileTest, OnlyItsBeginningMayBeLookedAt) {
  EXPECT_EQ(fault("x.gz", gzip(rows()).substr(0, 20'000), {.to_the_end = false}), "");
  EXPECT_EQ(fault("x.zst", zstd(rows(), true).substr(0, 20'000), {.to_the_end = false}), "");
}

TEST_F(CompressedFileTest, ALastLineMayBeTooLong) {
  const std::string text = rows() + std::string(500'000, 'x') + "\r\n";
  for (const auto& [name, bytes] : {std::pair("x.gz", gzip(text)), std::pair("x.zst", zstd(text, false))}) {
    EXPECT_EQ(fault(name, bytes, {.longest_line = 500'000}), "");
    EXPECT_EQ(fault(name, bytes, {.longest_line = 499'999}), fmt::format("{}: its last row is longer than 500.0 kB, which is too long", name));
    EXPECT_EQ(fault(name, bytes), "");
  }
}

TEST_F(CompressedFileTest, AStopIsHeeded) {
  std::stop_source stop;
  stop.request_stop();
  for (const char* name : {"x.gz", "x.zst"}) {
    try {
      fault(name, std::string_view(name) == "x.gz" ? gzip(rows()) : zstd(rows(), false), {}, stop.get_token());
      ADD_FAILURE() << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::cancelled);
    }
  }
}

}  // namespace
}  // namespace ingestr::files
