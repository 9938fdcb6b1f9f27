#include "support/cells.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ingestr {

namespace {

std::string cell(const ArrowArrayView* column, int64_t row) {
  switch (column->storage_type) {
    case NANOARROW_TYPE_STRING:
    case NANOARROW_TYPE_BINARY: {
      const ArrowStringView text = ArrowArrayViewGetStringUnsafe(column, row);
      return {text.data, static_cast<size_t>(text.size_bytes)};
    }
    case NANOARROW_TYPE_DOUBLE:
    case NANOARROW_TYPE_FLOAT:
      return fmt::format("{}", ArrowArrayViewGetDoubleUnsafe(column, row));
    case NANOARROW_TYPE_DECIMAL128: {
      ArrowDecimal decimal;
      ArrowDecimalInit(&decimal, 128, 38, 0);
      ArrowArrayViewGetDecimalUnsafe(column, row, &decimal);
      nanoarrow::UniqueBuffer digits;
      EXPECT_EQ(ArrowDecimalAppendDigitsToBuffer(&decimal, digits.get()), NANOARROW_OK);
      return {reinterpret_cast<const char*>(digits->data), static_cast<size_t>(digits->size_bytes)};
    }
    case NANOARROW_TYPE_LIST: {
      std::string out;
      const int64_t end = ArrowArrayViewListChildOffset(column, row + 1);
      for (int64_t i = ArrowArrayViewListChildOffset(column, row); i < end; ++i) {
        const bool null = ArrowArrayViewIsNull(column->children[0], i) != 0;
        out += (out.empty() ? "" : ", ") + (null ? "NULL" : cell(column->children[0], i));
      }
      return "[" + out + "]";
    }
    default:
      return fmt::format("{}", ArrowArrayViewGetIntUnsafe(column, row));
  }
}

}  // namespace

Cells cells(Batch& batch, size_t column) {
  const nanoarrow::UniqueSchema schema = arrow_schema(batch.schema());
  nanoarrow::UniqueArrayView view;
  ArrowError error;
  EXPECT_EQ(ArrowArrayViewInitFromSchema(view.get(), schema.get(), &error), NANOARROW_OK) << error.message;
  EXPECT_EQ(ArrowArrayViewSetArray(view.get(), batch.array(), &error), NANOARROW_OK) << error.message;
  EXPECT_EQ(ArrowArrayViewValidate(view.get(), NANOARROW_VALIDATION_LEVEL_FULL, &error), NANOARROW_OK) << error.message;
  Cells out;
  const ArrowArrayView* child = view->children[column];
  EXPECT_EQ(child->length, batch.rows());
  for (int64_t row = 0; row < child->length; ++row) {
    if (ArrowArrayViewIsNull(child, row) != 0) {
      out.emplace_back(std::nullopt);
    } else {
      out.emplace_back(cell(child, row));
    }
  }
  return out;
}

}  // namespace ingestr
