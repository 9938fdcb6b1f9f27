#include "files/workbook.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "base/error.h"
#include "base/text.h"
#include "files/excel_value.h"
#include "files/rich_text.h"

namespace ingestr::files {
namespace {

constexpr uint64_t kMostTextBytes = 1'000'000'000;
constexpr size_t kMostThings = 1'000'000;  // sheets, styles: Excel has 65,490 styles
constexpr size_t kShownSheets = 10;

std::string attribute(const char* value) { return value == nullptr ? "" : value; }

unsigned number_of(const char* value) {
  unsigned number = 0;
  const std::string_view text = value == nullptr ? "" : value;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

void count_one_more(size_t count) {
  if (count >= kMostThings) throw Error(ErrorKind::bad_data, "it is a damaged workbook: it has more sheets or styles than Excel can have");
}

struct Relationship {
  std::string type, target;
};

// Where parts name others: by an id, a type and a path (ECMA-376, part 2, 6.5).
class Relationships final : public XmlHandler {
 public:
  void begin(std::string_view name, const XmlAttributes& attributes) override {
    if (name != "Relationship" || attribute(attributes.find("TargetMode")) == "External") return;
    count_one_more(found.size());
    found[attribute(attributes.find("Id"))] = {attribute(attributes.find("Type")), attribute(attributes.find("Target"))};
  }
  // The target of that kind; empty: there is none. The strict form of the format has other types, with the same ends.
  std::string of_type(std::string_view end) const {
    const auto one = std::ranges::find_if(found, [&](const auto& each) { return each.second.type.ends_with(end); });
    return one == found.end() ? "" : one->second.target;
  }

  std::map<std::string, Relationship> found;
};

class WorkbookPart final : public XmlHandler {
 public:
  struct Entry {
    std::string name, id;
  };
  void begin(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "workbookPr") {
      const std::string value = attribute(attributes.find("date1904"));
      from_1904 = value == "1" || value == "true" || value == "on";
    }
    if (name != "sheet") return;
    count_one_more(entries.size());
    entries.push_back({excel_decoded(attribute(attributes.find("name"))), attribute(attributes.find_prefixed("id"))});
  }

  std::vector<Entry> entries;
  bool from_1904 = false;
};

class StylesPart final : public XmlHandler {
 public:
  void begin(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "cellXfs") in_cells_ = true;
    if (name == "numFmt") {
      count_one_more(codes_.size());
      codes_[number_of(attributes.find("numFmtId"))] = cell_form(attribute(attributes.find("formatCode")));
    }
    if (name != "xf" || !in_cells_) return;
    count_one_more(numbers_.size());
    numbers_.push_back(number_of(attributes.find("numFmtId")));
  }
  void end(std::string_view name) override {
    if (name == "cellXfs") in_cells_ = false;
  }
  std::vector<CellForm> forms() const {
    std::vector<CellForm> forms;
    for (const unsigned number : numbers_) {
      const auto own = codes_.find(number);
      forms.push_back(own == codes_.end() ? built_in_form(number) : own->second);
    }
    return forms;
  }

 private:
  bool in_cells_ = false;
  std::map<unsigned, CellForm> codes_;
  std::vector<unsigned> numbers_;
};

class TextsPart final : public XmlHandler {
 public:
  explicit TextsPart(SharedTexts& texts) : texts_(texts) {}
  void begin(std::string_view name, const XmlAttributes&) override { text_.begin(name); }
  void end(std::string_view name) override {
    text_.end(name);
    if (name != "si") return;
    texts_.add(text_.take());
  }
  void text(std::string_view some) override { text_.add(some); }

 private:
  SharedTexts& texts_;
  RichText text_;
};

std::string folder_of(const std::string& part) { return part.substr(0, part.rfind('/') + 1); }

// A target, seen from a part: "/xl/x.xml", "x.xml", "../x.xml".
std::string part_named(const std::string& from, const std::string& target) {
  std::vector<std::string> steps;
  for (const std::string& step : split(target.starts_with('/') ? target : folder_of(from) + target, '/')) {
    if (step == ".." && !steps.empty()) steps.pop_back();
    if (!step.empty() && step != "." && step != "..") steps.push_back(step);
  }
  return fmt::format("{}", fmt::join(steps, "/"));
}

std::string relations_of(const std::string& part) { return fmt::format("{}_rels/{}.rels", folder_of(part), part.substr(folder_of(part).size())); }

}  // namespace

void SharedTexts::add(std::string_view text) {
  if (all_.size() + text.size() + 8 * ends_.size() > kMostTextBytes) {
    throw Error(ErrorKind::unsupported, fmt::format("the texts of the workbook are more than {}, which cannot be read; save it as CSV",
                                                    human_bytes(kMostTextBytes)));
  }
  all_ += text;
  ends_.push_back(all_.size());
}

std::string_view SharedTexts::at(size_t position) const {
  const uint64_t begin = position == 0 ? 0 : ends_[position - 1];
  return std::string_view(all_).substr(begin, ends_[position] - begin);
}

Workbook::Workbook(const std::string& path, std::stop_token stop) : archive_(path), stop_(std::move(stop)) {
  Relationships package;
  read_part("_rels/.rels", package);
  const std::string main = part_named("", package.of_type("/officeDocument"));
  WorkbookPart part;
  read_part(main, part);
  counts_from_1904_ = part.from_1904;
  sheet_count_ = part.entries.size();
  Relationships relations;
  read_part(relations_of(main), relations);
  for (WorkbookPart::Entry& entry : part.entries) {
    const auto found = relations.found.find(entry.id);
    if (found == relations.found.end() || !found->second.type.ends_with("/worksheet")) continue;  // a chart has no cells
    sheets_.push_back({std::move(entry.name), part_named(main, found->second.target)});
  }
  if (sheets_.empty()) throw Error(ErrorKind::bad_data, "it is a workbook without a sheet of cells; is it the right file?");
  if (const std::string target = relations.of_type("/styles"); !target.empty()) {
    StylesPart styles;
    read_part(part_named(main, target), styles);
    forms_ = styles.forms();
  }
  if (const std::string target = relations.of_type("/sharedStrings"); !target.empty()) texts_part_ = part_named(main, target);
}

std::vector<std::string> Workbook::sheets() const {
  std::vector<std::string> names;
  for (const Sheet& each : sheets_) names.push_back(each.name);
  return names;
}

const SharedTexts& Workbook::texts() {
  if (texts_) return *texts_;
  texts_.emplace();
  if (!texts_part_.empty()) {
    TextsPart part(*texts_);
    read_part(texts_part_, part);
  }
  return *texts_;
}

// Names of sheets differ in more than case (ECMA-376, part 1, 18.2.19).
const Workbook::Sheet& Workbook::sheet(const std::optional<std::string>& name) const {
  if (!name) return sheets_.front();
  for (const auto& is_it : {+[](const std::string& a, const std::string& b) { return a == b; },
                            +[](const std::string& a, const std::string& b) { return equal_ignoring_case(a, b); }}) {
    const auto found = std::ranges::find_if(sheets_, [&](const Sheet& each) { return is_it(each.name, *name); });
    if (found != sheets_.end()) return *found;
  }
  std::vector<std::string> names = sheets();
  const bool is_long = names.size() > kShownSheets;
  if (is_long) names.resize(kShownSheets);
  throw Error(ErrorKind::not_found, fmt::format("there is no sheet \"{}\" in it; it has \"{}\"{}", shorten(*name, 60), fmt::join(names, "\", \""),
                                                is_long ? " and more" : ""));
}

const std::string& Workbook::sheet_called(const std::optional<std::string>& name) const { return sheet(name).name; }

void Workbook::read_sheet(const std::optional<std::string>& name, XmlHandler& handler) { read_part(sheet(name).part, handler); }

void Workbook::read_part(const std::string& name, XmlHandler& handler) const {
  const ZipPart* part = archive_.find(name);
  if (part == nullptr) {
    throw Error(ErrorKind::bad_data, fmt::format("it is no Excel workbook (.xlsx): the archive has no {}", name.empty() ? "workbook" : shorten(name, 60)));
  }
  ZipPartReader reader(archive_, *part);
  read_xml(reader, handler, stop_);
}

}  // namespace ingestr::files
