// Element types, shapes and layouts.
#include "variegate/tensor.h"

#include <gtest/gtest.h>

namespace vg {
namespace {

TEST(Tensor, TypesKnowTheirSizes) {
  EXPECT_EQ(size_of(DType::Uint8), 1);
  EXPECT_EQ(size_of(DType::Float16), 2);
  EXPECT_EQ(size_of(DType::Float64), 8);
  EXPECT_EQ(name_of(DType::Float), "float32");
  EXPECT_TRUE(is_signed(DType::Int8));
  EXPECT_FALSE(is_signed(DType::Bool));
}

TEST(Tensor, ShapesCountAndPrint) {
  const Shape shape{480, 640, 3};
  EXPECT_EQ(shape.elements(), 921600);
  EXPECT_EQ(shape.text(), "(480, 640, 3)");
  EXPECT_EQ(Shape{1}.text(), "(1,)");
  EXPECT_EQ(Shape{}.elements(), 1);
}

TEST(Tensor, LayoutsFindAxes) {
  const Layout layout("FHWC");
  EXPECT_EQ(layout.find('H'), 1);
  EXPECT_EQ(layout.find('D'), -1);
}

}  // namespace
}  // namespace vg
