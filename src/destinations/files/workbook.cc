#include "destinations/files/workbook.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/utf8.h"
#include "base/xml.h"
#include "destinations/files/archive.h"
#include "destinations/files/sheet.h"
#include "files/workbook.h"

namespace ingestr::file_output {
namespace fs = std::filesystem;
namespace {

constexpr size_t kLongestSheetName = 31;  // letters
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
    R"(<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" )"
    R"(Target="worksheets/sheet1.xml"/>)"
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

std::string workbook_part(const std::string& name) {
  return fmt::format(R"(<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" )"
                     R"(xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>)"
                     R"(<sheet name="{}" sheetId="1" r:id="rId1"/></sheets></workbook>)",
                     xml_encoded(name));
}

}  // namespace

std::string sheet_name(const Uri& uri) {
  const std::string name = uri.parameter("sheet").value_or("Sheet1");
  const auto is_odd = [](char c) { return static_cast<uint8_t>(c) < ' ' || std::string_view(":\\/?*[]").find(c) != std::string_view::npos; };
  const bool has_odd = std::ranges::any_of(name, is_odd);
  if (name.empty() || utf8_characters(name) > kLongestSheetName || has_odd || name.front() == '\'' || name.back() == '\'') {
    throw Error(ErrorKind::usage,
                fmt::format("sheet in --dest-uri must have 1 to {} letters, none of : \\ / ? * [ ], and no ' at its ends", kLongestSheetName));
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

std::string only_sheet(const fs::path& file) {
  const files::Workbook workbook(file.string(), {});
  if (workbook.sheet_count() == 1) return workbook.sheets().front();
  throw Error(ErrorKind::unsupported,
              fmt::format("{} has other sheets, which would be lost when it is written anew; replace it, or name another file", file.string()));
}

}  // namespace ingestr::file_output
