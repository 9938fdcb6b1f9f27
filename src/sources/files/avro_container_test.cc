#include "sources/files/avro_container.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/error.h"
#include "duck/database.h"
#include "support/temporary_directory.h"

namespace ingestr::files {
namespace {

const std::string kMarker = "0123456789abcdef";
const std::string kHead = std::string("Obj\x01\x04\x14" "avro.codec\x08null\x16" "avro.schema\x0A\"int\"") + '\0' + kMarker;

// One value, a byte each, of so many.
std::string block(int values) { return std::string(1, static_cast<char>(2 * values)) + static_cast<char>(2 * values) + std::string(values, '\x02') + kMarker; }

TEST(AvroContainer, AHeadHasTheSchemaAndTheMarkerOfBlocks) {
  const AvroHead head{"\"int\"", kMarker, kHead.size(), "null"};
  EXPECT_EQ(avro_head(kHead), head);
  EXPECT_EQ(avro_head(kHead + block(3)), head);
  // A negative count has the bytes of its block behind it.
  EXPECT_EQ(avro_head(std::string("Obj\x01\x01\x22\x16" "avro.schema\x0A\"int\"") + '\0' + kMarker)->schema, "\"int\"");
  for (size_t bytes = 0; bytes < kHead.size(); ++bytes) EXPECT_EQ(avro_head(kHead.substr(0, bytes)), std::nullopt) << bytes;
  EXPECT_EQ(avro_head("PAR1"), std::nullopt);
  EXPECT_EQ(avro_head("Obj\x01\x02\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), std::nullopt);
}

uint64_t rows_of(const std::string& bytes) {
  const TemporaryDirectory directory;
  Files file;
  file.name = "x.avro";
  file.paths = {(directory.path() / "x.avro").string()};
  std::ofstream(file.paths[0], std::ios::binary) << bytes;
  duck::Connection connection = duck::Database().connect();
  return avro_rows(connection, file, {});
}

std::string fault_of(const std::string& bytes) {
  try {
    rows_of(bytes);
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_data);
    return error.what();
  }
}

bool is_whole(const std::string& bytes) {
  const std::string fault = fault_of(bytes);
  if (fault.empty()) return true;
  EXPECT_EQ(fault, "x.avro: it is cut short or damaged, so not all of its rows can be read; get it again");
  return false;
}

TEST(AvroContainer, BlocksSayHowManyRowsTheyHave) {
  EXPECT_EQ(rows_of(kHead), 0);
  EXPECT_EQ(rows_of(kHead + block(5) + block(0) + block(7)), 12);
}

TEST(AvroContainer, AFileEndsWithABlock) {
  const std::string whole = kHead + block(5) + block(0) + block(7);
  EXPECT_TRUE(is_whole(kHead));
  EXPECT_TRUE(is_whole(whole));
  EXPECT_TRUE(is_whole(kHead + block(5)));
  for (size_t less = 1; less < block(7).size(); ++less) EXPECT_FALSE(is_whole(whole.substr(0, whole.size() - less))) << less;
  EXPECT_FALSE(is_whole(whole + '\0'));
}

TEST(AvroContainer, AnotherMarkerIsDamage) {
  std::string bytes = kHead + block(5) + block(7);
  bytes[kHead.size() + block(5).size() - 1] ^= 1;
  EXPECT_FALSE(is_whole(bytes));
  bytes = kHead + block(5) + block(7);
  bytes[kHead.size() + 1] += 2;  // as if the block were longer
  EXPECT_FALSE(is_whole(bytes));
  bytes[kHead.size() + 1] = '\x01';  // below nothing
  EXPECT_FALSE(is_whole(bytes));
  EXPECT_FALSE(is_whole(kHead + std::string("\x02\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 11) + block(1)));
}

TEST(AvroContainer, WhatIsNoAvroFileIsNamed) {
  for (const char* const bytes : {"", "Obj", "id,name\n1,x\n"}) {
    EXPECT_EQ(fault_of(bytes), "x.avro: it is no Avro file, or its head is damaged; name the right file, or get it again");
  }
}

TEST(AvroContainer, ACodecThatTheEngineDoesNotKnowIsNamed) {
  const std::string head = std::string("Obj\x01\x04\x14" "avro.codec\x0A" "bzip2\x16" "avro.schema\x0A\"int\"") + '\0' + kMarker;
  EXPECT_EQ(fault_of(head + block(1)), "x.avro: it is compressed by bzip2, which cannot be read; write it with deflate or without compression");
}

}  // namespace
}  // namespace ingestr::files
