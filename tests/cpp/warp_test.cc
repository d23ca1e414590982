// Warps: the driver against the slow reference, the pixels against the formula in double, and the
// rules of sizes, fills and coordinates far away.
#include "reference/warp.h"

#include <cmath>
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

template <class T>
std::vector<T> random_values(std::mt19937& random, int64_t n) {
  std::vector<T> v(static_cast<size_t>(n));
  for (T& x : v) {
    const double unit = random() * 0x1p-32;
    if constexpr (std::is_floating_point_v<T>)
      x = static_cast<T>(unit * 2 - 1);
    else
      x = static_cast<T>(static_cast<int64_t>(std::numeric_limits<T>::min()) +
                         static_cast<int64_t>(unit * 0x1p32) % (int64_t{1} << 8 * sizeof(T)));
  }
  return v;
}

template <class In, class Out>
void expect_reference(const WarpParams& p, std::mt19937& random, DType in_type, DType out_type) {
  // Exact sizes and a guard behind: sanitizers and the last line see a step too far.
  std::vector<In> in = random_values<In>(random, p.frames * p.in_height * p.in_width * p.channels);
  const size_t n = static_cast<size_t>(p.frames * p.out_height * p.out_width * p.channels);
  std::vector<Out> expected(n), got(n + 8, Out(77));
  reference::warp(p, in.data(), expected.data());
  Node node;
  Arena scratch;
  const Shape in_shape{p.frames, p.in_height, p.in_width, p.channels};
  const Shape out_shape{p.frames, p.out_height, p.out_width, p.channels};
  const TensorRef input{{in_type, in_shape, "FHWC"}, reinterpret_cast<std::byte*>(in.data())};
  const TensorRef output{{out_type, out_shape, "FHWC"}, reinterpret_cast<std::byte*>(got.data())};
  test::on_each_target([&] {
    std::fill(got.begin(), got.end(), Out(77));
    ASSERT_TRUE(cpu::run_warp(OpDef{}, Work{node, &p, {&input, 1}, {&output, 1}, scratch}).ok());
    for (size_t i = 0; i < n; i++) ASSERT_EQ(got[i], expected[i]) << "element " << i;
    for (size_t i = n; i < got.size(); i++) ASSERT_EQ(got[i], Out(77));
  });
}

TEST(Warp, DriverEqualsReference) {
  std::mt19937 random(1);
  const auto below = [&](int n) {
    return static_cast<int64_t>(random() % static_cast<unsigned>(n));
  };
  const auto number = [&](double scale) { return (random() * 0x1p-31 - 1) * scale; };
  const double scales[] = {0, 0.01, 1, 3, 1e5, 1e12};
  for (int round = 0; round < 1500; round++) {
    WarpParams p{};
    p.frames = 1 + below(2);
    p.in_height = 1 + below(30), p.in_width = 1 + below(30);
    p.out_height = 1 + below(40), p.out_width = 1 + below(40);
    if (below(8) == 0) p.in_width = 100 + below(200), p.out_width = 100 + below(200);
    p.channels = static_cast<int>(1 + below(5));
    p.nearest = below(3) == 0;
    p.clamp = below(2) == 0;
    p.fill = number(400);
    const double scale = scales[round % 12 < 7 ? 2 : below(6)];
    double m[6];
    for (double& x : m) x = number(scale);
    if (below(4) == 0) m[1] = m[3] = 0;
    if (below(4) == 0) m[0] = m[4] = 1;
    if (below(6) == 0) m[0] = 1, m[3] = 0;  // a row of the input becomes a row
    m[2] = number(std::min(scale, 1.0) * 30), m[5] = number(scale * 30);
    const bool bytes = round % 5 < 2;
    const double shift = p.nearest ? 0 : bytes ? Bilinear<uint8_t, uint8_t>::kShift : 0.5;
    p.steps = warp_steps(m, shift, p.out_width, p.out_height);
    switch (round % 5) {
      case 2:
        expect_reference<uint8_t, float>(p, random, DType::Uint8, DType::Float);
        break;
      case 3:
        expect_reference<int32_t, int32_t>(p, random, DType::Int32, DType::Int32);
        break;
      case 4:
        expect_reference<int16_t, int16_t>(p, random, DType::Int16, DType::Int16);
        break;
      default:
        expect_reference<uint8_t, uint8_t>(p, random, DType::Uint8, DType::Uint8);
    }
    if (HasFatalFailure()) FAIL() << "round " << round;
  }
}

TEST(Warp, BytesAreWithinOneOfTheFormula) {
  std::mt19937 random(2);
  const int h = 40, w = 50;
  const std::vector<uint8_t> in = random_values<uint8_t>(random, h * w * 3);
  for (int round = 0; round < 20; round++) {
    std::vector<double> m(6);
    for (double& x : m) x = static_cast<float>(random() * 0x1p-31 - 1);
    m[2] = static_cast<float>(m[2] * 30), m[5] = static_cast<float>(m[5] * 30 + 20);
    const auto out = run_op("warp_affine", {tensor(DType::Uint8, {h, w, 3}, "HWC", in)},
                            {{"matrix", m}, {"fill_value", 100.0}});
    ASSERT_TRUE(out.ok());
    const uint8_t* got = (*out)[0].as<uint8_t>();
    for (int i = 0; i < h * w * 3; i++) {
      const double x = i / 3 % w + 0.5, y = i / 3 / w + 0.5;
      const double u = m[0] * x + m[1] * y + m[2] - 0.5, v = m[3] * x + m[4] * y + m[5] - 0.5;
      double sum = 0;
      for (int dy = 0; dy < 2; dy++)
        for (int dx = 0; dx < 2; dx++) {
          const int tx = static_cast<int>(std::floor(u)) + dx,
                    ty = static_cast<int>(std::floor(v)) + dy;
          const bool inside = tx >= 0 && tx < w && ty >= 0 && ty < h;
          sum += std::max(0.0, 1 - std::fabs(u - tx)) * std::max(0.0, 1 - std::fabs(v - ty)) *
                 (inside ? in[static_cast<size_t>((ty * w + tx) * 3 + i % 3)] : 100);
        }
      ASSERT_NEAR(got[i], sum, 0.6) << i;
    }
  }
}

TEST(Warp, WeightsSumToOne) {
  for (int64_t u = 0; u < 16384; u += 13) {
    const Bilinear<uint8_t, uint8_t> b(WarpPoint{u << 18, (u * u % 16384) << 18});
    ASSERT_EQ(b.wa + b.wb + b.wc + b.wd, 16384);
    ASSERT_GE(std::min({b.wa, b.wb, b.wc, b.wd}), 0);
  }
}

TEST(Warp, CoordinatesAreExactToTheSixteenThousandthPixel) {
  const double m[6] = {0.7071067811865476, -0.3, 5.1, 0.30000001192092896, 1.7, -8};
  const WarpSteps s = warp_steps(m, 0, 16384, 16384);
  EXPECT_FALSE(s.far);
  for (int64_t i : {0, 1, 777, 16383}) {
    const WarpPoint at = warp_point(s, i, 16383 - i);
    const double x = i + 0.5, y = 16383 - i + 0.5;
    EXPECT_NEAR(static_cast<double>(at.u) * 0x1p-32, m[0] * x + m[1] * y + m[2], 1e-5);
    EXPECT_NEAR(static_cast<double>(at.v) * 0x1p-32, m[3] * x + m[4] * y + m[5], 1e-5);
  }
}

TEST(Warp, FillIsRoundedAndClamped) {
  const Tensor image = tensor<uint8_t>(DType::Uint8, {1, 1, 1}, "HWC", {7});
  const std::pair<double, uint8_t> cases[] = {{62.5, 63}, {300, 255}, {-5, 0}, {0.25, 0}};
  for (auto [fill, expected] : cases)
    for (double away : {5.0, -1e12, 3e38}) {
      const auto out =
          run_op("warp_affine", {image},
                 {{"matrix", std::vector<double>{1, 0, away, 0, 1, 0}}, {"fill_value", fill}});
      ASSERT_TRUE(out.ok());
      EXPECT_EQ(values<uint8_t>((*out)[0])[0], expected) << fill << " " << away;
    }
}

TEST(Warp, MatrixMayBeAnArgumentATensorOrAnInput) {
  std::mt19937 random(3);
  const Tensor image = tensor(DType::Uint8, {9, 8, 3}, "HWC", random_values<uint8_t>(random, 216));
  const std::vector<double> m{0.8, -0.6, 3.1, 0.6, 0.8, -2.7};
  const Tensor mt = tensor(DType::Float, {2, 3}, "", std::vector<float>(m.begin(), m.end()));
  const auto plain = run_op("warp_affine", {image}, {{"matrix", m}});
  const auto given = run_op("warp_affine", {image}, {{"matrix", constant(mt)}});
  const auto input = run_op("warp_affine", {image, mt});
  ASSERT_TRUE(plain.ok() && given.ok() && input.ok());
  EXPECT_EQ(values<uint8_t>((*plain)[0]), values<uint8_t>((*given)[0]));
  EXPECT_EQ(values<uint8_t>((*plain)[0]), values<uint8_t>((*input)[0]));
}

TEST(Warp, IdentityKeepsEveryType) {
  std::mt19937 random(4);
  const std::vector<int32_t> in = random_values<int32_t>(random, 60);
  const auto out =
      run_op("warp_affine", {tensor(DType::Int32, {4, 5, 3}, "HWC", in)},
             {{"matrix", std::vector<double>{1, 0, 0, 0, 1, 0}}, {"inverse_map", false}});
  ASSERT_TRUE(out.ok());
  EXPECT_EQ(values<int32_t>((*out)[0]), in);
}

TEST(Warp, QuarterTurnsMovePixelsExactly) {
  std::mt19937 random(5);
  const std::vector<uint8_t> in = random_values<uint8_t>(random, 7 * 4);
  const Tensor image = tensor(DType::Uint8, {7, 4, 1}, "HWC", in);
  const auto out = run_op("rotate", {image}, {{"angle", 90.0}});
  ASSERT_TRUE(out.ok());
  ASSERT_EQ((*out)[0].shape, (Shape{4, 7, 1}));
  for (int y = 0; y < 4; y++)
    for (int x = 0; x < 7; x++)  // counter-clockwise: the right column becomes the top row
      EXPECT_EQ((*out)[0].as<uint8_t>()[y * 7 + x], in[static_cast<size_t>(x * 4 + 3 - y)]);
  Tensor turned = image;
  for (int i = 0; i < 4; i++) turned = (*run_op("rotate", {turned}, {{"angle", 90.0}}))[0];
  EXPECT_EQ(values<uint8_t>(turned), in);
}

TEST(Warp, CanvasHoldsTheImageAndKeepsParity) {
  const Tensor image = tensor(DType::Uint8, {61, 47, 1}, "HWC", std::vector<uint8_t>(61 * 47));
  const std::tuple<double, int64_t, int64_t> cases[] = {
      {10, 69, 57}, {30, 77, 73}, {45, 77, 77}, {-20, 75, 67}, {270, 47, 61}, {360, 61, 47}};
  for (auto [angle, h, w] : cases) {
    const auto out = run_op("rotate", {image}, {{"angle", angle}});
    ASSERT_TRUE(out.ok());
    EXPECT_EQ((*out)[0].shape, (Shape{h, w, 1})) << angle;
    EXPECT_EQ((*run_op("rotate", {image}, {{"angle", angle}, {"keep_size", true}}))[0].shape,
              image.shape);
  }
  const auto sized =
      run_op("rotate", {image}, {{"angle", 30.0}, {"size", std::vector<double>{50.5, 40.4}}});
  EXPECT_EQ((*sized)[0].shape, (Shape{51, 40, 1}));
}

TEST(Warp, SequencesAreWarpedFrameByFrame) {
  std::mt19937 random(6);
  const std::vector<uint8_t> in = random_values<uint8_t>(random, 2 * 5 * 6 * 3);
  const auto clip =
      run_op("rotate", {tensor(DType::Uint8, {2, 5, 6, 3}, "FHWC", in)}, {{"angle", 20.0}});
  ASSERT_TRUE(clip.ok());
  std::vector<uint8_t> frames;
  for (int f = 0; f < 2; f++) {
    const std::vector<uint8_t> frame(in.begin() + f * 90, in.begin() + (f + 1) * 90);
    const auto out =
        run_op("rotate", {tensor(DType::Uint8, {5, 6, 3}, "HWC", frame)}, {{"angle", 20.0}});
    for (uint8_t v : values<uint8_t>((*out)[0])) frames.push_back(v);
  }
  EXPECT_EQ(values<uint8_t>((*clip)[0]), frames);
}

TEST(Warp, RefusesWhatItCannotDo) {
  const Tensor image = tensor(DType::Uint8, {2, 2, 1}, "HWC", std::vector<uint8_t>(4));
  const std::vector<double> m{1, 0, 0, 0, 1, 0};
  const auto message = [&](std::string_view op, const Tensor& t, const ArgMap& args) {
    const auto out = run_op(op, {t}, args);
    return out.ok() ? std::string("accepted") : out.failure().message;
  };
  using testing::HasSubstr;
  EXPECT_THAT(message("warp_affine", image, {{"matrix", m}, {"interp_type", int64_t{2}}}),
              HasSubstr("must be nearest"));
  EXPECT_THAT(message("warp_affine", image, {}), HasSubstr("matrix"));
  EXPECT_THAT(message("warp_affine", image, {{"matrix", std::vector<double>{1, 2}}}),
              HasSubstr("6"));
  EXPECT_THAT(
      message("warp_affine", image, {{"matrix", std::vector<double>(6)}, {"inverse_map", false}}),
      HasSubstr("no inverse"));
  EXPECT_THAT(message("warp_affine", image, {{"matrix", std::vector<double>{1, 0, NAN, 0, 1, 0}}}),
              HasSubstr("not finite"));
  EXPECT_THAT(message("warp_affine", image, {{"matrix", m}, {"dtype", int64_t{5}}}),
              HasSubstr("type"));
  EXPECT_THAT(message("rotate", image, {{"angle", INFINITY}}), HasSubstr("angle"));
  EXPECT_THAT(message("rotate", image, {{"angle", 1.0}, {"size", std::vector<double>{0, 4}}}),
              HasSubstr("size"));
  EXPECT_THAT(message("rotate", tensor(DType::Uint8, {1, 2, 2, 1}, "DHWC", std::vector<uint8_t>(4)),
                      {{"angle", 1.0}}),
              HasSubstr("volumes"));
  EXPECT_THAT(message("rotate", tensor(DType::Uint16, {1, 1, 1}, "HWC", std::vector<uint16_t>(1)),
                      {{"angle", 1.0}}),
              HasSubstr("type"));
}

}  // namespace
}  // namespace vg
