#include "destinations/database/postgres_lists.h"

#include <fmt/format.h>

namespace ingestr::database {

bool is_list_of_texts(const Column& column) {
  if (column.inferred || column.type.id != TypeId::list) return false;
  const TypeId element = column.type.element->id;
  return element == TypeId::varchar || element == TypeId::json || element == TypeId::null;
}

std::string marked_texts(const std::string& list) {
  return fmt::format("[CASE WHEN regexp_full_match(x, 'null *', 'i') THEN x || ' ' ELSE x END FOR x IN CAST({} AS VARCHAR[])]", list);
}

// Blanks at an element's end are always in quotes; what else may look like that in the array's text is left as it is. LIKE takes half of
// the time, and is done first.
std::string unmark_texts(const TableName& landing, const Column& column, const Dialect& dialect) {
  const std::string name = dialect.identifier(column.name);
  return fmt::format(
      R"(UPDATE {0} SET {1} = ARRAY(SELECT CASE WHEN CAST(e AS text) ~* '^null +$' THEN CAST(pg_catalog.left(CAST(e AS text), -1) AS {2}) ELSE e END FROM )"
      R"(pg_catalog.unnest({1}) WITH ORDINALITY AS elements(e, n) ORDER BY n) WHERE CAST({1} AS text) LIKE '% "%' AND )"
      R"(CAST({1} AS text) ~* '"null +"')",
      dialect.table(landing), name, dialect.type(*column.type.element));
}

}  // namespace ingestr::database
