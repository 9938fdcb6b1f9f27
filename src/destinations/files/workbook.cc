#include "destinations/files/workbook.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <vector>

#include "base/error.h"
#include "base/work_directory.h"
#include "destinations/files/sheet.h"

namespace ingestr::file_output {
namespace fs = std::filesystem;
namespace {

constexpr size_t kLongestSheetName = 31;  // letters
constexpr size_t kGzipHead = 10, kGzipTail = 8;
constexpr size_t kCopied = 1 << 20;

constexpr uint32_t kLocalMark = 0x04034b50, kEntryMark = 0x02014b50, kEndMark = 0x06054b50;
constexpr size_t kEntryBytes = 46, kEndBytes = 22;
constexpr size_t kLongestComment = 65'535;
constexpr uint16_t kVersion = 20, kStored = 0, kDeflated = 8;
constexpr uint16_t kNoTime = 0, kFirstDay = 0x21;  // 1 January 1980

constexpr std::string_view kSheetPart = "xl/worksheets/sheet1.xml";

constexpr std::string_view kXml = R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)"
                                  "\n";

constexpr std::string_view kTypes =
    R"(<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">)"
    R"(<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>)"
    R"(<Default Extension="xml" ContentType="application/xml"/>)"
    R"(<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>)"
    R"(<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>)"
    R"(<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>)"
    R"(</Types>)";

constexpr std::string_view kRelations =
    R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" )"
    R"(Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>)";

constexpr std::string_view kWorkbookRelations =
    R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">)"
    R"(<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>)"
    R"(<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>)";

// The second and third format of cells are kDateStyle and kTimeStyle.
constexpr std::string_view kStyles =
    R"(<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="2">)"
    R"(<numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm:ss.000"/></numFmts>)"
    R"(<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>)"
    R"(<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>)"
    R"(<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>)"
    R"(<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>)"
    R"(<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>)"
    R"(<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>)"
    R"(<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>)"
    R"(<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>)";
static_assert(kDateStyle == 1 && kTimeStyle == 2);

std::string attribute(std::string_view text) {
  std::string made;
  for (const char c : text) made += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '"' ? "&quot;" : std::string(1, c);
  return made;
}

std::string workbook_part(const std::string& name) {
  return fmt::format(R"(<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" )"
                     R"(xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>)"
                     R"(<sheet name="{}" sheetId="1" r:id="rId1"/></sheets></workbook>)",
                     attribute(name));
}

uint32_t checksum(std::string_view bytes) {
  uint32_t sum = ~0U;
  for (const char byte : bytes) {
    sum ^= static_cast<uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) sum = (sum >> 1) ^ ((sum & 1) != 0 ? 0xedb88320U : 0U);
  }
  return ~sum;
}

// Numbers of an archive are little-endian.
uint32_t number_at(const char* bytes, int count) {
  uint32_t number = 0;
  for (int i = count; i-- > 0;) number = number << 8 | static_cast<uint8_t>(bytes[i]);
  return number;
}

class Archive {
 public:
  explicit Archive(const fs::path& path) : path_(path), out_(path, std::ios::binary | std::ios::trunc) {}

  void add(std::string_view name, const std::string& content) {
    const auto bytes = static_cast<uint32_t>(content.size());
    begin(name, kStored, checksum(content), bytes, bytes);
    put(content);
  }

  // What is in a gzip file of one part without a name.
  void add_packed(std::string_view name, const fs::path& gzip) {
    const uint64_t bytes = fs::file_size(gzip);
    std::ifstream in(gzip, std::ios::binary);
    std::array<char, kGzipHead> head{};
    std::array<char, kGzipTail> tail{};
    in.read(head.data(), head.size());
    in.seekg(-static_cast<std::streamoff>(kGzipTail), std::ios::end);
    in.read(tail.data(), tail.size());
    if (!in || head[0] != '\x1f' || head[1] != '\x8b' || head[3] != 0) throw Error(ErrorKind::internal, "a sheet is not packed as it should be");
    uint64_t left = bytes - kGzipHead - kGzipTail;
    begin(name, kDeflated, number_at(tail.data(), 4), static_cast<uint32_t>(left), number_at(tail.data() + 4, 4));
    in.seekg(kGzipHead);
    std::vector<char> block(kCopied);
    while (left > 0) {
      in.read(block.data(), static_cast<std::streamsize>(std::min<uint64_t>(left, block.size())));
      if (in.gcount() <= 0) throw Error(ErrorKind::unavailable, fmt::format("{} cannot be read", gzip.string()));
      put({block.data(), static_cast<size_t>(in.gcount())});
      left -= static_cast<uint64_t>(in.gcount());
    }
  }

  void finish() {
    const uint64_t begin = at_;
    put(directory_);
    const uint64_t length = at_ - begin;
    std::string end;
    add_number(end, kEndMark, 4);
    add_number(end, 0, 4);
    add_number(end, entries_, 2);
    add_number(end, entries_, 2);
    add_number(end, length, 4);
    add_number(end, begin, 4);
    add_number(end, 0, 2);
    put(end);
    out_.close();
    if (!out_) fail_in_work(path_, "cannot be written", errno);
  }

 private:
  static void add_number(std::string& to, uint64_t number, int count) {
    for (int i = 0; i < count; ++i) to += static_cast<char>(number >> 8 * i);
  }

  void put(std::string_view bytes) {
    out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out_) fail_in_work(path_, "cannot be written", errno);
    at_ += bytes.size();
  }

  void begin(std::string_view name, uint16_t method, uint32_t sum, uint32_t packed, uint32_t bytes) {
    std::string facts;
    for (const uint16_t number : {kVersion, uint16_t{0}, method, kNoTime, kFirstDay}) add_number(facts, number, 2);
    for (const uint32_t number : {sum, packed, bytes}) add_number(facts, number, 4);
    add_number(facts, name.size(), 2);
    add_number(facts, 0, 2);
    std::string local, entry;
    add_number(local, kLocalMark, 4);
    add_number(entry, kEntryMark, 4);
    add_number(entry, kVersion, 2);
    entry += facts;
    add_number(entry, 0, 10);  // no comment, on this disk, nothing of a system
    add_number(entry, at_, 4);
    directory_.append(entry).append(name);
    ++entries_;
    put(local.append(facts).append(name));
  }

  fs::path path_;
  std::ofstream out_;
  uint64_t at_ = 0;
  std::string directory_;
  uint16_t entries_ = 0;
};

size_t letters_of(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace

std::string sheet_name(const Uri& uri) {
  const std::string name = uri.parameter("sheet").value_or("Sheet1");
  const bool has_odd = std::ranges::any_of(name, [](char c) { return static_cast<uint8_t>(c) < ' ' || std::strchr(":\\/?*[]", c) != nullptr; });
  if (name.empty() || letters_of(name) > kLongestSheetName || has_odd || name.front() == '\'' || name.back() == '\'') {
    throw Error(ErrorKind::usage, fmt::format("sheet in --dest-uri must have 1 to {} letters, none of : \\ / ? * [ ], and no ' at its ends", kLongestSheetName));
  }
  return name;
}

void make_workbook(const fs::path& file, const std::string& name) {
  fs::path made = file;
  made += ".book";
  Archive archive(made);
  const auto add = [&](std::string_view part, std::string_view content) { archive.add(part, std::string(kXml).append(content)); };
  add("[Content_Types].xml", kTypes);
  add("_rels/.rels", kRelations);
  add("xl/workbook.xml", workbook_part(name));
  add("xl/_rels/workbook.xml.rels", kWorkbookRelations);
  add("xl/styles.xml", kStyles);
  archive.add_packed(kSheetPart, file);
  archive.finish();
  fs::rename(made, file);
}

size_t sheets_in(const fs::path& file) {
  const uint64_t bytes = fs::file_size(file);
  std::ifstream in(file, std::ios::binary);
  std::string tail(std::min<uint64_t>(bytes, kEndBytes + kLongestComment), '\0');
  in.seekg(-static_cast<std::streamoff>(tail.size()), std::ios::end);
  in.read(tail.data(), static_cast<std::streamsize>(tail.size()));
  const size_t end = tail.rfind("PK\5\6");
  if (!in || end == std::string::npos || end + kEndBytes > tail.size()) return 0;
  std::string directory(number_at(tail.data() + end + 12, 4), '\0');
  in.seekg(number_at(tail.data() + end + 16, 4));
  if (directory.size() > bytes || !in.read(directory.data(), static_cast<std::streamsize>(directory.size()))) return 0;
  size_t sheets = 0;
  for (size_t at = 0; at + kEntryBytes <= directory.size();) {
    const char* entry = directory.data() + at;
    const size_t name_bytes = number_at(entry + 28, 2);
    const std::string_view name = std::string_view(directory).substr(at + kEntryBytes, name_bytes);
    if (name.starts_with("xl/worksheets/") && name.find('/', 14) == std::string_view::npos && name.ends_with(".xml")) ++sheets;
    if (name.starts_with("xl/chartsheets/") && name.ends_with(".xml")) ++sheets;
    at += kEntryBytes + name_bytes + number_at(entry + 30, 2) + number_at(entry + 32, 2);
  }
  return sheets;
}

}  // namespace ingestr::file_output
