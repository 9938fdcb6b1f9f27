// Workbook: what an Excel file says beside its sheets' cells. See ECMA-376, part 1, 12.3 and 18.2 to 18.8.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "files/number_format.h"
#include "files/xml_events.h"
#include "files/zip_archive.h"

namespace ingestr::files {

// Texts that cells name by their positions, one behind the other in memory.
class SharedTexts {
 public:
  // Throws Error(unsupported) when they are more than 1 GB.
  void add(std::string_view text);
  size_t count() const { return ends_.size(); }
  std::string_view at(size_t position) const;

 private:
  std::string all_;
  std::vector<uint64_t> ends_;
};

class Workbook {
 public:
  // Reads all but cells and texts. `stop` ends what is being read. Throws Error(bad_data) for what is none.
  Workbook(const std::string& path, std::stop_token stop);

  // The names of its sheets that have cells, in order.
  std::vector<std::string> sheets() const;
  // Of all sheets, with charts and others that have none.
  size_t sheet_count() const { return sheet_count_; }
  bool counts_from_1904() const { return counts_from_1904_; }
  // Of the cells of a style; a style that there is not is none.
  CellForm form(size_t style) const { return style < forms_.size() ? forms_[style] : CellForm::number; }
  // Reads them the first time.
  const SharedTexts& texts();
  // Tells the handler the XML of the sheet of that name, of the first one when there is none. Throws Error(not_found) that lists those there are.
  void read_sheet(const std::optional<std::string>& name, XmlHandler& handler);
  // The one that it means.
  const std::string& sheet_called(const std::optional<std::string>& name) const;

 private:
  struct Sheet {
    std::string name, part;
  };
  const Sheet& sheet(const std::optional<std::string>& name) const;
  void read_part(const std::string& name, XmlHandler& handler) const;

  ZipArchive archive_;
  std::stop_token stop_;
  std::vector<Sheet> sheets_;
  std::vector<CellForm> forms_;
  std::string texts_part_;  // empty: there is none
  std::optional<SharedTexts> texts_;
  size_t sheet_count_ = 0;
  bool counts_from_1904_ = false;
};

}  // namespace ingestr::files
