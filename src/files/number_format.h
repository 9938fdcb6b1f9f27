// What a number in a cell of Excel is, by the format that it is shown with. See ECMA-376, part 1, 18.8.30 and 18.8.31.
#pragma once

#include <string_view>

namespace ingestr::files {

enum class CellForm {
  number,
  date,       // of a day
  timestamp,  // of a day and a time
  time,       // of a time of day alone
  elapsed,    // of how long something took: [h]:mm
};

// By a format code, as `yyyy\-mm\-dd`. Letters count that are neither in quotes or brackets nor behind \, _ or *; m is minutes beside
// hours or seconds, else months.
CellForm cell_form(std::string_view code);

// Of the formats that have numbers and no code in a workbook.
CellForm built_in_form(unsigned number);

}  // namespace ingestr::files
