// The view family: the driver against the slow reference, and operators against facts.
#include <gtest/gtest.h>

#include <random>

#include "cpu/drivers.h"
#include "ops/index.h"
#include "reference/view.h"
#include "run_op.h"

namespace vg {
namespace {

using test::run_op;
using test::tensor;
using test::values;

constexpr DType kTypes[] = {DType::Uint8,   DType::Int8,  DType::Uint16,  DType::Int16,
                            DType::Int32,   DType::Int64, DType::Float16, DType::Float,
                            DType::Float64, DType::Bool,  DType::Uint32,  DType::Uint64};

class RandomView {
 public:
  explicit RandomView(uint32_t seed) : random_(seed) {}

  void check() {
    const int ndim = between(1, 5);
    Shape in_shape;
    const int channel = between(0, 3) ? ndim - 1 : between(0, ndim - 1);
    for (int d = 0; d < ndim; d++)
      in_shape.push_back(d == channel     ? between(1, 5)
                         : between(0, 12) ? between(1, between(1, 30))
                                          : 0);
    TensorDesc in_desc{kTypes[between(0, 11)], in_shape, {}};
    View v = view_of(in_desc);
    std::array<int, Shape::kMaxDims> order{};
    for (int d = 0; d < ndim; d++) order[d] = d;
    if (between(0, 1)) std::shuffle(order.begin(), order.begin() + ndim, random_);
    const View whole = v;
    for (int d = 0; d < ndim; d++) v.axes[d] = whole.axes[order[d]];
    v.outside = between(0, 1) ? Outside::Fill : static_cast<Outside>(between(0, 4));
    const bool keep_inside = between(0, 1) == 0;
    for (int d = 0; d < ndim; d++) distort(v.axes[d], keep_inside);
    v.channel_axis =
        static_cast<int>(std::find(order.begin(), order.end(), channel) - order.begin());
    const auto channels = static_cast<size_t>(std::max<int64_t>(v.axes[v.channel_axis].extent, 1));
    const bool several = v.outside == Outside::Fill && between(0, 1);
    std::vector<double> fill(several ? channels : static_cast<size_t>(between(0, 1)));
    for (double& f : fill) f = between(-300, 300) + between(0, 3) * 0.25;
    std::vector<Affine> affine(between(0, 1) ? 0 : several ? channels : 1);
    for (Affine& a : affine)
      a = {static_cast<float>(between(0, 255)), between(1, 50) / 16.0f,
           static_cast<float>(between(0, 9))};
    v.fill = fill;
    v.cut = between(0, 1);
    v.affine = affine;
    DType out_type = between(0, 2) ? in_desc.dtype : kTypes[between(0, 11)];
    TensorDesc out_desc{out_type, {}, {}};
    for (int d = 0; d < ndim; d++) out_desc.shape.push_back(v.axes[d].extent);
    place(v, out_desc.shape);
    compare(v, in_desc, out_desc);
  }

 private:
  int between(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

  void distort(ViewAxis& a, bool keep_inside) {
    if (between(0, 2) == 0) return;
    const int n = static_cast<int>(a.size);
    a.step = between(0, 2) ? (between(0, 1) ? 1 : -1) : between(0, 1) ? 2 : -3;
    if (keep_inside && n > 0) {
      a.start = between(0, n - 1);
      const int64_t room = a.step > 0 ? (n - 1 - a.start) / a.step : a.start / -a.step;
      a.extent = between(0, static_cast<int>(room)) + 1;
    } else {
      a.start = between(-n - 4, n + 4);
      a.extent = between(0, n + 8);
    }
  }

  void compare(const View& v, const TensorDesc& in_desc, const TensorDesc& out_desc) {
    std::vector<std::byte> in(static_cast<size_t>(in_desc.bytes()) + 1);
    for (int64_t i = 0; i < in_desc.shape.elements(); i++)
      store_number(between(-400, 400) + between(0, 3) * 0.25, in_desc.dtype,
                   in.data() + i * size_of(in_desc.dtype));
    std::vector<std::byte> fast(static_cast<size_t>(out_desc.bytes()) + 1, std::byte{0xAB}),
        slow = fast;
    const TensorRef source{in_desc, in.data()}, to{out_desc, fast.data()},
        expected{out_desc, slow.data()};
    reference::run_view(v, source, expected);
    const ViewParams params{{&v, 1}};
    Arena scratch;
    const Node node;
    const OpDef op;
    ASSERT_TRUE(cpu::run_view(op, {node, &params, {&source, 1}, {&to, 1}, scratch}).ok());
    ASSERT_EQ(fast, slow) << in_desc.shape.text() << " to " << out_desc.shape.text() << ", "
                          << name_of(in_desc.dtype) << " to " << name_of(out_desc.dtype)
                          << ", outside " << int(v.outside) << ", fills " << v.fill.size()
                          << ", affine " << v.affine.size() << ", channel axis " << v.channel_axis;
  }

  std::mt19937 random_;
};

TEST(View, EqualsItsReference) {
  for (uint32_t seed = 0; seed < 4000; seed++) {
    SCOPED_TRACE(seed);
    RandomView(seed).check();
    if (testing::Test::HasFatalFailure()) return;
  }
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
