// Stencils: the driver against the slow reference, windows against their formulas, borders,
// rounding.
#include "reference/stencil.h"

#include <limits>
#include <random>

#include <gmock/gmock.h>
#include "cpu/drivers.h"
#include "each_target.h"

#include "run_op.h"

namespace vg {
namespace {

using test::run_op;
using test::tensor;
using test::values;
using testing::HasSubstr;

struct Random {
  std::mt19937 engine;
  int64_t below(int64_t n) { return static_cast<int64_t>(engine()) % n; }
  std::vector<float> floats(int64_t n) {
    std::vector<float> v(static_cast<size_t>(n));
    for (float& x : v) x = static_cast<float>(engine() * 0x1p-31 - 1);
    return v;
  }
  template <class T>
  std::vector<T> integers(int64_t n) {
    std::vector<T> v(static_cast<size_t>(n));
    for (T& x : v) x = static_cast<T>(engine());
    return v;
  }
};

template <class Out>
std::vector<Out> run(const StencilParams& s, const TensorRef& in, DType dtype, int64_t n) {
  std::vector<Out> result;
  test::on_each_target([&] {
    std::vector<Out> got(static_cast<size_t>(n));
    Node node;
    Arena scratch;
    const TensorRef out{{dtype, {n}, ""}, reinterpret_cast<std::byte*>(got.data())};
    EXPECT_TRUE(cpu::run_stencil(OpDef{}, Work{node, &s, {&in, 1}, {&out, 1}, scratch}).ok());
    if (result.empty()) result = got;
    EXPECT_EQ(got, result) << "targets differ";
  });
  return result;
}

template <class T>
TensorRef ref(DType dtype, std::vector<T>& v) {
  return {{dtype, {static_cast<int64_t>(v.size())}, ""}, reinterpret_cast<std::byte*>(v.data())};
}

TEST(Stencil, DenseDriverEqualsReference) {
  Random random{std::mt19937(1)};
  for (int round = 0; round < 400; round++) {
    StencilParams s;
    s.dense = s.halves_to_even = true;
    s.field.outer = 1 + random.below(3), s.field.inner = 1 + random.below(4);
    s.field.extents = {1, 1 + random.below(12), 1 + random.below(12)};
    s.border = static_cast<Border>(random.below(5));
    s.fill = 50;
    const bool valid = random.below(4) == 0;
    for (size_t i = 0; i < 2; i++) {
      const int64_t extent = s.field.extents[i + 1];
      s.kernel_extents[i] = static_cast<int>(1 + random.below(valid ? extent : 7));
      s.origin[i] = valid ? 0 : static_cast<int>(random.below(s.kernel_extents[i]));
      s.out_extents[i] = valid ? extent - s.kernel_extents[i] + 1 : extent;
    }
    const auto kernel = random.floats(int64_t{s.kernel_extents[0]} * s.kernel_extents[1]);
    s.kernel = kernel;
    const int64_t out_size = s.field.outer * s.field.inner * s.out_extents[0] * s.out_extents[1];
    auto in = random.integers<uint8_t>(s.field.outer * s.field.inner * s.field.extents[1] *
                                       s.field.extents[2]);
    const TensorRef input = ref(DType::Uint8, in);
    ASSERT_EQ(run<uint8_t>(s, input, DType::Uint8, out_size),
              (reference::dense<uint8_t, uint8_t>(s, in.data())))
        << round;
    ASSERT_EQ(run<float>(s, input, DType::Float, out_size),
              (reference::dense<uint8_t, float>(s, in.data())))
        << round;
    Arena arena;
    s.whole = WholeSum::weights(s.kernel, arena);
    ASSERT_EQ(s.whole.empty(), kernel.size() > WholeSum::kMostTaps);
    if (s.whole.empty()) continue;
    ASSERT_EQ(run<uint8_t>(s, input, DType::Uint8, out_size), reference::whole(s, in.data()))
        << round;
  }
}

TEST(Stencil, WholeSumsAreForFewSmallWeights) {
  Arena arena;
  const auto taken = [&](std::vector<float> kernel) {
    return !WholeSum::weights(kernel, arena).empty();
  };
  EXPECT_TRUE(taken(std::vector<float>(9, 1.9f)));
  EXPECT_FALSE(taken(std::vector<float>(10, 0.1f)));
  EXPECT_FALSE(taken({2}));
  EXPECT_TRUE(taken({-1.999f, 1.999f}));
  EXPECT_FALSE(taken({std::numeric_limits<float>::quiet_NaN()}));
  EXPECT_FALSE(taken({std::numeric_limits<float>::infinity()}));
}

TEST(Stencil, SeparableDriverEqualsReference) {
  Random random{std::mt19937(2)};
  for (int round = 0; round < 200; round++) {
    StencilParams s;
    s.field.outer = 1 + random.below(3), s.field.inner = 1 + random.below(4);
    s.field.extents = {round % 3 ? 1 : 1 + random.below(5), 1 + random.below(12),
                       1 + random.below(12)};
    s.terms = static_cast<int>(1 + random.below(3));
    std::vector<std::vector<float>> windows;
    for (int i = 0; i < 9; i++) windows.push_back(random.floats(1 + 2 * random.below(5)));
    for (size_t i = 0; i < 3; i++) {
      for (size_t a = 0; a < 3; a++) s.term[i].windows[a] = windows[3 * i + a];
      s.term[i].scale = random.floats(1)[0];
    }
    const int64_t n = s.field.outer * s.field.inner * s.field.extents[0] * s.field.extents[1] *
                      s.field.extents[2];
    auto in = random.integers<int16_t>(n);
    const TensorRef input = ref(DType::Int16, in);
    ASSERT_EQ(run<int16_t>(s, input, DType::Int16, n),
              (reference::separable<int16_t, int16_t>(s, in.data())))
        << round;
    ASSERT_EQ(run<float>(s, input, DType::Float, n),
              (reference::separable<int16_t, float>(s, in.data())))
        << round;
  }
}

TEST(Stencil, BordersRepeatTheirPattern) {
  const std::pair<Border, std::string> cases[] = {{Border::Reflect101, "abcbabcbabc"},
                                                  {Border::Reflect1001, "ccbaabccbaa"},
                                                  {Border::Wrap, "cabcabcabca"},
                                                  {Border::Clamp, "aaaaabccccc"},
                                                  {Border::Constant, "....abc...."}};
  for (const auto& [border, expected] : cases) {
    std::string got;
    for (int64_t i = -4; i < 7; i++) {
      const int64_t at = border_index(border, i, int64_t{3});
      got += at < 0 ? '.' : static_cast<char>('a' + at);
    }
    EXPECT_EQ(got, expected);
    EXPECT_LE(border_index(border, -9, 1), 0);
  }
}

TEST(Stencil, FilterRoundsHalvesToEvenAndBlurAway) {
  const Tensor image = tensor<uint8_t>(DType::Uint8, {1, 4, 1}, "HWC", {1, 3, 5, 255});
  const auto out = run_op("filter", {image, tensor<float>(DType::Float, {1, 1}, "", {0.5f})});
  ASSERT_TRUE(out.ok());
  EXPECT_EQ(values<uint8_t>((*out)[0]), (std::vector<uint8_t>{0, 2, 2, 128}));
  EXPECT_EQ(round_even(-2.5f), -2);
  EXPECT_EQ(round_even(8388607.5f), 8388608);
  EXPECT_EQ(round_even(0.49999997f), 0);
}

TEST(Stencil, FilterTakesAnchorsLayoutsAndModes) {
  const Tensor image = tensor<uint8_t>(DType::Uint8, {3, 3}, "", {1, 2, 3, 4, 5, 6, 7, 8, 9});
  const auto filtered = [&](std::vector<float> kernel, Shape shape, const ArgMap& args) {
    const auto out =
        run_op("experimental.filter", {image, tensor(DType::Float, shape, "", kernel)}, args);
    EXPECT_TRUE(out.ok());
    return values<uint8_t>((*out)[0]);
  };
  using Bytes = std::vector<uint8_t>;
  EXPECT_EQ(filtered({0, 1}, {1, 2}, {{"border", std::string("clamp")}}),  // anchor 1: stays
            (Bytes{1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(filtered({0, 1}, {1, 2}, {{"anchor", int64_t{0}}, {"border", std::string("clamp")}}),
            (Bytes{2, 3, 3, 5, 6, 6, 8, 9, 9}));
  EXPECT_EQ(filtered({1, 1, 1, 1}, {2, 2}, {{"mode", std::string("valid")}}),
            (Bytes{12, 16, 24, 28}));
  const auto constant_border = run_op("filter",
                                      {image, tensor<float>(DType::Float, {1, 3}, "", {1, 0, 0}),
                                       tensor<uint8_t>(DType::Uint8, {}, "", {50})},
                                      {{"border", std::string("constant")}});
  EXPECT_EQ(values<uint8_t>((*constant_border)[0]), (Bytes{50, 1, 2, 50, 4, 5, 50, 7, 8}));
}

TEST(Stencil, BlurKeepsAConstantImageAndMovesNoMean) {
  const Tensor flat = tensor(DType::Uint8, {5, 6, 3}, "HWC", std::vector<uint8_t>(90, 200));
  const auto out = run_op("gaussian_blur", {flat}, {{"sigma", std::vector<double>{0.7, 2.5}}});
  ASSERT_TRUE(out.ok());
  EXPECT_EQ(values<uint8_t>((*out)[0]), std::vector<uint8_t>(90, 200));
  std::vector<float> impulse(81);
  impulse[40] = 1;  // the window itself: sigma of a window of 5 is 1.1
  const auto spread = run_op("gaussian_blur", {tensor(DType::Float, {9, 9}, "HW", impulse)},
                             {{"window_size", int64_t{5}}});
  double sum = 0;
  for (int i = -2; i <= 2; i++) sum += std::exp(-i * i / (2 * 1.1 * 1.1));
  for (int y = 0; y < 9; y++)
    for (int x = 0; x < 9; x++) {
      const int r = (y - 4) * (y - 4) + (x - 4) * (x - 4);
      const bool inside = std::abs(y - 4) <= 2 && std::abs(x - 4) <= 2;
      EXPECT_NEAR((*spread)[0].as<float>()[y * 9 + x],
                  inside ? std::exp(-r / (2 * 1.1 * 1.1)) / (sum * sum) : 0, 1e-7);
    }
}

TEST(Stencil, LaplacianOfSmallImagesAsRecorded) {
  const Tensor image = tensor<uint8_t>(DType::Uint8, {2, 2, 3}, "HWC",
                                       {249, 178, 70, 255, 193, 90, 241, 162, 57, 245, 180, 76});
  const auto out = run_op("laplacian", {image}, {{"dtype", static_cast<int64_t>(DType::Float)}});
  ASSERT_TRUE(out.ok());
  EXPECT_EQ(values<float>((*out)[0]),
            (std::vector<float>{-32, 16, 48, -112, -248, -264, 112, 248, 264, 32, -16, -48}));
  std::vector<float> parabola;  // x^2 + 3 y^2: second derivatives 2 and 6, everywhere inside
  for (int i = 0; i < 81; i++) {
    const int x = i % 9, y = i / 9;
    parabola.push_back(static_cast<float>(x * x + 3 * y * y));
  }
  const auto curved = run_op("laplacian", {tensor(DType::Float, {9, 9}, "HW", parabola)},
                             {{"smoothing_size", int64_t{1}}});
  EXPECT_EQ((*curved)[0].as<float>()[40], 8);
}

TEST(Stencil, RefusesWhatItCannotDo) {
  const Tensor image = tensor(DType::Uint8, {2, 2, 1}, "HWC", std::vector<uint8_t>(4));
  const Tensor one = tensor<float>(DType::Float, {1, 1}, "", {1});
  const auto message = [](std::string_view op, const std::vector<Tensor>& in, const ArgMap& args) {
    const auto out = run_op(op, in, args);
    return out.ok() ? std::string("accepted") : out.failure().message;
  };
  EXPECT_THAT(message("filter", {image, one}, {{"border", std::string("wrong")}}),
              HasSubstr("wrong"));
  EXPECT_THAT(message("filter", {image, one}, {{"anchor", int64_t{1}}}), HasSubstr("anchor"));
  EXPECT_THAT(message("filter", {image, tensor<int32_t>(DType::Int32, {1, 1}, "", {1})}, {}),
              HasSubstr("filter type"));
  EXPECT_THAT(
      message("filter", {tensor(DType::Uint8, {2, 2, 1}, "", std::vector<uint8_t>(4)), one}, {}),
      HasSubstr("spatial axes"));
  EXPECT_THAT(message("filter", {image, tensor(DType::Float, {3, 1}, "", std::vector<float>(3))},
                      {{"mode", std::string("valid")}}),
              HasSubstr("larger"));
  EXPECT_THAT(message("gaussian_blur", {image}, {}), HasSubstr("sigma and window_size"));
  EXPECT_THAT(message("gaussian_blur", {image}, {{"window_size", int64_t{4}}}), HasSubstr("odd"));
  EXPECT_THAT(message("gaussian_blur", {image}, {{"sigma", 1e9}}), HasSubstr("window_size"));
  EXPECT_THAT(message("laplacian", {image}, {{"window_size", int64_t{4}}}), HasSubstr("odd"));
  EXPECT_THAT(message("laplacian", {image}, {{"window_size", int64_t{33}}}), HasSubstr("31"));
  EXPECT_THAT(message("laplacian", {image}, {{"scale", 2.0}, {"normalized_kernel", true}}),
              HasSubstr("normalized_kernel"));
}

}  // namespace
}  // namespace vg
