// The first rows of a table, as texts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/context.h"
#include "engine/source.h"

namespace ingestr {

struct Preview {
  Schema schema;
  std::vector<std::vector<std::optional<std::string>>> rows;  // nothing: NULL
};

enum class PreviewForm {
  text,  // values as SQL casts them to VARCHAR, in UTC
  json,  // JSON values: numbers with all their digits, JSON as the source gave it
};

// Prepares the table and reads at most `limit` rows into an engine in memory. Throws what they
// throw.
Preview read_preview(Table& table, uint64_t limit, PreviewForm form, const Context& context);

// A table of text: long values are cut, NULL is shown, then how many rows there are. What is secret
// is replaced.
std::string preview_text(const Preview& preview, const Secrets& secrets);

// An array of objects, one row a line. Made from the JSON form.
std::string preview_json(const Preview& preview, const Secrets& secrets);

}  // namespace ingestr
