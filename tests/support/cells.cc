#include "support/cells.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ingestr {

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
    } else if (child->storage_type == NANOARROW_TYPE_STRING || child->storage_type == NANOARROW_TYPE_BINARY) {
      const ArrowStringView text = ArrowArrayViewGetStringUnsafe(child, row);
      out.emplace_back(std::string(text.data, static_cast<size_t>(text.size_bytes)));
    } else if (child->storage_type == NANOARROW_TYPE_DOUBLE || child->storage_type == NANOARROW_TYPE_FLOAT) {
      out.emplace_back(fmt::format("{}", ArrowArrayViewGetDoubleUnsafe(child, row)));
    } else {
      out.emplace_back(fmt::format("{}", ArrowArrayViewGetIntUnsafe(child, row)));
    }
  }
  return out;
}

}  // namespace ingestr
