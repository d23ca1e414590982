// The view family: the driver against the slow reference, and operators against facts.
#include <gtest/gtest.h>

#include "cpu/drivers.h"
#include "each_target.h"
#include "ops/index.h"
#include "random_view.h"

namespace vg {
namespace {

using test::run_op;
using test::tensor;
using test::values;

TEST(View, EqualsItsReference) {
  test::on_each_target([] { test::expect_reference_of_views(cpu::run_view); });
}

Tensor numbers(Shape shape, Layout layout) {
  std::vector<int32_t> v(static_cast<size_t>(shape.elements()));
  for (size_t i = 0; i < v.size(); i++) v[i] = static_cast<int32_t>(i);
  return tensor(DType::Int32, shape, layout, v);
}

std::vector<int32_t> ints(const Outcome<std::vector<Tensor>>& result, size_t output = 0) {
  if (!result.ok()) return ADD_FAILURE() << result.failure().message, std::vector<int32_t>();
  return values<int32_t>((*result)[output]);
}

std::string message(const Outcome<std::vector<Tensor>>& result) {
  return result.ok() ? "no failure" : result.failure().message;
}

using Ints = std::vector<int64_t>;
using Floats = std::vector<double>;

TEST(View, FlipTwiceIsTheImage) {
  const Tensor image = numbers({5, 4, 3}, "HWC");
  const auto once = run_op("flip", {image}, {{"vertical", int64_t{1}}});
  ASSERT_TRUE(once.ok());
  EXPECT_EQ(values<int32_t>((*once)[0])[0], (4 * 4 + 3) * 3);
  EXPECT_EQ(ints(run_op("flip", {(*once)[0]}, {{"vertical", int64_t{1}}})), values<int32_t>(image));
}

TEST(View, CropRoundsItsStartHalfAwayFromZero) {
  const Tensor row = numbers({1, 8, 1}, "HWC");
  EXPECT_EQ(ints(run_op("crop", {row}, {{"crop", Floats{1, 3}}})), (std::vector<int32_t>{3, 4, 5}));
  EXPECT_EQ(ints(run_op("crop", {row}, {{"crop", Floats{1, 3}}, {"rounding", "truncate"}})),
            (std::vector<int32_t>{2, 3, 4}));
  EXPECT_EQ(
      ints(run_op(
          "crop", {row},
          {{"crop", Floats{1, 11}}, {"out_of_bounds_policy", "pad"}, {"fill_values", Floats{7}}})),
      (std::vector<int32_t>{7, 7, 0, 1, 2, 3, 4, 5, 6, 7, 7}));
  EXPECT_NE(message(run_op("crop", {row}, {{"crop", Floats{1, 9}}})).find("out of bounds"),
            std::string::npos);
  EXPECT_NE(message(run_op("crop", {row}, {{"crop_h", 1.0}})).find("crop_w"), std::string::npos);
}

TEST(View, SliceContinuesTheInput) {
  const Tensor row = numbers({4}, "");
  const auto slice = [&](const char* policy) {
    return ints(run_op("slice", {row},
                       {{"start", Floats{-3}},
                        {"end", Floats{9}},
                        {"axes", Ints{0}},
                        {"out_of_bounds_policy", policy}}));
  };
  EXPECT_EQ(slice("edge"), (std::vector<int32_t>{0, 0, 0, 0, 1, 2, 3, 3, 3, 3, 3, 3}));
  EXPECT_EQ(slice("wrap"), (std::vector<int32_t>{1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0}));
  EXPECT_EQ(slice("reflect"), (std::vector<int32_t>{2, 1, 0, 0, 1, 2, 3, 3, 2, 1, 0, 0}));
  EXPECT_EQ(slice("reflect_101"), (std::vector<int32_t>{3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2}));
  EXPECT_EQ(slice("trim_to_shape"), (std::vector<int32_t>{0, 1, 2, 3}));
}

TEST(View, NormalizeSubtractsThenMultiplies) {
  const Tensor pixel = tensor<uint8_t>(DType::Uint8, {1, 1, 3}, "HWC", {10, 20, 30});
  const auto out = run_op("crop_mirror_normalize", {pixel},
                          {{"mean", Floats{1, 2, 3}}, {"std", Floats{2}}, {"pad_output", true}});
  ASSERT_TRUE(out.ok()) << message(out);
  EXPECT_EQ((*out)[0].layout.text(), "CHW");
  EXPECT_EQ(values<float>((*out)[0]), (std::vector<float>{4.5f, 9, 13.5f, 0}));
  EXPECT_NE(
      message(run_op("crop_mirror_normalize", {pixel}, {{"mean", Floats{1, 2}}})).find("channel"),
      std::string::npos);
}

TEST(View, CatAndStackPlaceTheirInputs) {
  const Tensor a = numbers({2, 2}, "HW"), b = numbers({2, 1}, "HW");
  EXPECT_EQ(ints(run_op("cat", {a, b}, {{"axis", int64_t{1}}})),
            (std::vector<int32_t>{0, 1, 0, 2, 3, 1}));
  const auto stacked = run_op("stack", {a, a}, {{"axis", int64_t{-1}}, {"axis_name", "C"}});
  EXPECT_EQ(ints(stacked), (std::vector<int32_t>{0, 0, 1, 1, 2, 2, 3, 3}));
  EXPECT_EQ((*stacked)[0].layout.text(), "HWC");
  EXPECT_NE(message(run_op("cat", {a, b})).find("shape"), std::string::npos);
}

TEST(View, IndexCountsAsNumPy) {
  const Tensor x = numbers({3, 4}, "HW");
  const int64_t range = Index::Range | Index::HasStart | Index::HasStep;
  // x[-1, 3::-2]
  EXPECT_EQ(ints(run_op(
                "_index", {x},
                {{"kind", Ints{Index::At, range}}, {"start", Ints{-1, 3}}, {"step", Ints{0, -2}}})),
            (std::vector<int32_t>{11, 9}));
  // x[i] of a node
  const Tensor two = tensor<int32_t>(DType::Int32, {}, "", {2});
  EXPECT_EQ(ints(run_op("_index", {x, two}, {{"kind", Ints{Index::At | Index::StartInput}}})),
            (std::vector<int32_t>{8, 9, 10, 11}));
  EXPECT_NE(
      message(run_op("_index", {x}, {{"kind", Ints{0}}, {"start", Ints{3}}})).find("out of range"),
      std::string::npos);
}

TEST(View, PadNeverCuts) {
  const Tensor x = numbers({2, 3}, "HW");
  const auto out = run_op("pad", {x}, {{"shape", Ints{1, 4}}, {"fill_value", -1.0}});
  EXPECT_EQ(ints(out), (std::vector<int32_t>{0, 1, 2, -1, 3, 4, 5, -1}));
  EXPECT_EQ(ints(run_op("pad", {x}, {{"shape", Ints{1, 1}}, {"align", Ints{4}}})).size(), 16u);
}

TEST(View, ReshapeKeepsTheElements) {
  const Tensor x = numbers({2, 3, 4}, "HWC");
  const auto out = run_op("reshape", {x}, {{"shape", Ints{-1, 6}}});
  EXPECT_EQ(ints(out), values<int32_t>(x));
  EXPECT_EQ((*out)[0].shape, (Shape{4, 6}));
  EXPECT_TRUE((*out)[0].layout.empty());
  EXPECT_NE(message(run_op("reshape", {x}, {{"shape", Ints{5, 5}}})).find("shape"),
            std::string::npos);
}

TEST(View, OneHotAddsAnAxis) {
  const Tensor labels = tensor<int32_t>(DType::Int32, {2}, "", {1, 7});
  const auto out = run_op("one_hot", {labels}, {{"num_classes", int64_t{3}}, {"axis", int64_t{0}}});
  ASSERT_TRUE(out.ok()) << message(out);
  EXPECT_EQ((*out)[0].shape, (Shape{3, 2}));
  EXPECT_EQ(values<float>((*out)[0]), (std::vector<float>{0, 0, 1, 0, 0, 0}));
}

}  // namespace
}  // namespace vg
