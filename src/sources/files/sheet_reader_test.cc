#include "files/workbook.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>

#include "base/error.h"
#include "sources/files/sheet_reader.h"
#include "support/temporary_directory.h"

namespace ingestr::files {
namespace {

std::string little(uint64_t number, size_t bytes) {
  std::string text;
  for (size_t i = 0; i < bytes; ++i, number >>= 8) text += static_cast<char>(number & 0xFF);
  return text;
}

std::string deflated(const std::string& text) {
  z_stream stream{};
  if (::deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) return "";
  std::string packed(::deflateBound(&stream, text.size()), '\0');
  std::string copy = text;
  stream.next_in = reinterpret_cast<Bytef*>(copy.data());
  stream.avail_in = static_cast<uInt>(copy.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  ::deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  ::deflateEnd(&stream);
  return packed;
}

// A ZIP archive, its parts stored and deflated in turn.
std::string archive_of(const std::vector<std::pair<std::string, std::string>>& parts) {
  std::string archive, directory;
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto& [name, content] = parts[i];
    const bool is_packed = i % 2 == 1;
    const std::string bytes = is_packed ? deflated(content) : content;
    const auto checksum = ::crc32(::crc32(0, nullptr, 0), reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size()));
    const std::string facts = little(20, 2) + little(0, 2) + little(is_packed ? 8 : 0, 2) + little(0, 4) + little(checksum, 4) + little(bytes.size(), 4) +
                              little(content.size(), 4) + little(name.size(), 2);
    directory += "PK\1\2" + little(20, 2) + facts + little(0, 12) + little(archive.size(), 4) + name;
    archive += "PK\3\4" + facts + little(0, 2) + name + bytes;
  }
  const std::string end = "PK\5\6" + little(0, 4) + little(parts.size(), 2) + little(parts.size(), 2) + little(directory.size(), 4) +
                          little(archive.size(), 4) + little(0, 2);
  return archive + directory + end;
}

const std::string kHead = R"(<?xml version="1.0"?>)";

std::string book() {
  return archive_of(
      {{"_rels/.rels", kHead + R"(<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>)"},
       {"xl/workbook.xml", kHead + R"(<workbook xmlns:r="r"><sheets><sheet name="S" r:id="s"/></sheets></workbook>)"},
       {"xl/_rels/workbook.xml.rels", kHead + R"(<Relationships><Relationship Id="s" Type="x/worksheet" Target="/xl/s.xml"/>)"
                                              R"(<Relationship Id="t" Type="x/sharedStrings" Target="t.xml"/><Relationship Id="y" Type="x/styles" Target="y.xml"/></Relationships>)"},
       {"xl/t.xml", kHead + "<sst><si><t>id</t></si><si><r><t>te</t></r><r><t>xt</t></r></si></sst>"},
       {"xl/y.xml", kHead + R"(<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>)"},
       {"xl/s.xml", kHead + R"(<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>d</t></is></c></row>)"
                            R"(<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" s="1"><v>45292</v></c></row></sheetData></worksheet>)"}});
}

class WorkbookTest : public testing::Test {
 protected:
  std::string read(const std::string& bytes) const {
    const std::string path = directory_.path() / "x.xlsx";
    std::ofstream(path, std::ios::binary) << bytes;
    Workbook workbook(path, {});
    SheetColumns columns;
    std::string lines;
    SheetReader reader(workbook, "S", columns, [&](std::string_view some) { lines += some; });
    workbook.read_sheet(std::nullopt, reader);
    reader.finish();
    return lines;
  }

  // "" or what was wrong; anything but an Error fails the test.
  std::string fault(const std::string& bytes) const {
    try {
      read(bytes);
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  }

 private:
  TemporaryDirectory directory_;
};

TEST_F(WorkbookTest, IsReadAsItIs) { EXPECT_EQ(read(book()), "{\"0\":\"text\",\"1\":\"2024-01-01\"}\n"); }

TEST_F(WorkbookTest, OneThatIsCutOffIsRefused) {
  const std::string whole = book();
  for (size_t bytes = 0; bytes < whole.size(); bytes += 7) EXPECT_NE(fault(whole.substr(0, bytes)), "") << bytes;
}

// Most of them are found out; what must not happen is anything else.
TEST_F(WorkbookTest, AnyByteMayBeAnother) {
  const std::string whole = book();
  size_t refused = 0;
  for (size_t at = 0; at < whole.size(); at += 2) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1 << at / 2 % 8);
    if (!fault(changed).empty()) ++refused;
  }
  EXPECT_GT(refused, whole.size() / 4);
}

TEST_F(WorkbookTest, ContentThatItsChecksumDoesNotFitIsRefused) {
  std::string changed = book();
  changed.replace(changed.find("officeDocument"), 1, "O");
  EXPECT_NE(fault(changed).find("_rels/.rels in it cannot be unpacked"), std::string::npos) << fault(changed);
}

}  // namespace
}  // namespace ingestr::files
