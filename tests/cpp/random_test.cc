// Random operators: distributions by statistical tests, and what a number may depend on.
#include <gmock/gmock.h>

#include <cmath>
#include <numeric>

#include "core/half.h"
#include "run_op.h"

namespace vg::test {
namespace {

constexpr int kDraws = 40000;

Tensor draw(const char* op, ArgMap args, int64_t n = kDraws, int64_t seed = 5,
            uint64_t sample = 0) {
  args["shape"] = std::vector<int64_t>{n};
  CallOptions options;
  options.seed = seed;
  Sample s;
  s.key.sample_id = sample;
  auto result = run_op(op, {}, args, options, s);
  EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.failure().message);
  return (*result)[0];
}

std::vector<double> numbers(const Tensor& t) {
  std::vector<double> x(size_t(t.shape.elements()));
  for (size_t i = 0; i < x.size(); i++) x[i] = element({t, t.data.get()}, int64_t(i));
  return x;
}

double mean(const std::vector<double>& x) {
  return std::accumulate(x.begin(), x.end(), 0.0) / double(x.size());
}

double moment(const std::vector<double>& x, int power) {
  double m = mean(x), sum = 0;
  for (double v : x) sum += std::pow(v - m, power);
  return sum / double(x.size());
}

/// Chi-square of counts against shares; a standard normal number when all is well.
double surprise(const std::vector<double>& counts, const std::vector<double>& shares) {
  const double n = std::accumulate(counts.begin(), counts.end(), 0.0);
  double chi = 0;
  for (size_t i = 0; i < counts.size(); i++)
    chi += (counts[i] - n * shares[i]) * (counts[i] - n * shares[i]) / (n * shares[i]);
  const double freedom = double(counts.size() - 1);
  return (chi - freedom) / std::sqrt(2 * freedom);
}

TEST(Random, UniformFillsItsRangeEvenly) {
  const auto x = numbers(draw("random.uniform", {{"range", std::vector<double>{-2, 3}}}));
  std::vector<double> bins(50);
  for (double v : x) {
    ASSERT_GE(v, -2);
    ASSERT_LT(v, 3);
    bins[size_t((v + 2) * 10)]++;
  }
  EXPECT_LT(std::fabs(surprise(bins, std::vector<double>(50, 0.02))), 5);
  double neighbours = 0;
  for (size_t i = 1; i < x.size(); i++) neighbours += (x[i] - 0.5) * (x[i - 1] - 0.5);
  EXPECT_LT(std::fabs(neighbours / kDraws), 5 * 25.0 / 12 / std::sqrt(kDraws));
}

TEST(Random, UniformNeverGivesTheUpperEnd) {
  // Among these floats half would round up to the end.
  const float end = std::nextafter(1.0f, 2.0f);
  for (double v : numbers(draw("random.uniform", {{"range", std::vector<double>{1, end}}}, 100)))
    EXPECT_EQ(v, 1);
  const ArgMap half{{"range", std::vector<double>{-1, 0}}, {"dtype", int64_t(DType::Float16)}};
  for (double v : numbers(draw("random.uniform", half))) EXPECT_LT(v, 0);
  for (double v : numbers(draw("random.uniform", {{"range", std::vector<double>{4, 4}}}, 10)))
    EXPECT_EQ(v, 4);
}

TEST(Random, UniformIntegersRoundSoThatEndsHaveHalfWeight) {
  std::vector<double> counts(5);
  for (double v : numbers(draw("random.uniform", {{"range", std::vector<double>{0, 4}},
                                                  {"dtype", int64_t(DType::Int32)}})))
    counts[size_t(v)]++;
  EXPECT_LT(std::fabs(surprise(counts, {.125, .25, .25, .25, .125})), 5);
}

TEST(Random, UniformValuesAreEquallyLikelyAndGoBeforeTheRange) {
  std::vector<double> counts(3);
  const ArgMap args{{"values", std::vector<double>{10, 20, 30}},
                    {"range", std::vector<double>{0, 1}}};
  for (double v : numbers(draw("random.uniform", args))) counts[size_t(v / 10 - 1)]++;
  EXPECT_LT(std::fabs(surprise(counts, std::vector<double>(3, 1.0 / 3))), 5);
}

TEST(Random, NormalHasItsMoments) {
  const auto x = numbers(draw("random.normal", {{"mean", 3.0}, {"stddev", 2.0}}));
  const double error = 5 / std::sqrt(kDraws);
  EXPECT_NEAR(mean(x), 3, 2 * error);
  EXPECT_NEAR(moment(x, 2), 4, 4 * std::sqrt(2) * error);
  EXPECT_NEAR(moment(x, 3) / 8, 0, std::sqrt(15) * error);
  EXPECT_NEAR(moment(x, 4) / 16, 3, std::sqrt(96) * error);
}

TEST(Random, BetaHasItsMoments) {
  for (auto [a, b] : {std::pair{2.0, 5.0}, {0.3, 0.3}, {0.05, 0.2}, {1.0, 1.0}, {40.0, 0.5}}) {
    const auto x = numbers(draw("random.beta", {{"alpha", a}, {"beta", b}}));
    const double variance = a * b / ((a + b) * (a + b) * (a + b + 1));
    EXPECT_NEAR(mean(x), a / (a + b), 5 * std::sqrt(variance / kDraws)) << a << " " << b;
    const double spread = moment(x, 4) - variance * variance;
    EXPECT_NEAR(moment(x, 2), variance, 5 * std::sqrt(spread / kDraws)) << a << " " << b;
    for (double v : x) ASSERT_TRUE(v >= 0 && v <= 1);
  }
}

TEST(Random, CoinFlipFollowsItsProbability) {
  for (double p : {0.0, 0.1, 0.5, 1.0, 1.5, -1.0}) {
    const double share = std::clamp(p, 0.0, 1.0);
    EXPECT_NEAR(mean(numbers(draw("random.coin_flip", {{"probability", p}}))), share,
                5 * std::sqrt(share * (1 - share) / kDraws));
  }
}

TEST(Random, ChoiceTakesNumbersOrSlices) {
  const Tensor four = tensor<int32_t>(DType::Int32, {}, "", {4});
  const ArgMap args{{"p", std::vector<double>{.1, .2, 0, .7}}, {"shape", int64_t{kDraws}}};
  const auto chosen = run_op("random.choice", {four}, args);
  ASSERT_TRUE(chosen.ok()) << chosen.failure().message;
  std::vector<double> counts(4);
  for (double v : numbers((*chosen)[0])) counts[size_t(v)]++;
  EXPECT_EQ(counts[2], 0);
  EXPECT_LT(std::fabs(surprise({counts[0], counts[1], counts[3]}, {.1, .2, .7})), 5);
  const Tensor rows = tensor<int16_t>(DType::Int16, {3, 2}, "", {0, 1, 10, 11, 20, 21});
  const auto some = (*run_op("random.choice", {rows}, {{"shape", int64_t{50}}}))[0];
  EXPECT_EQ(some.shape, (Shape{50, 2}));
  for (int i = 0; i < 50; i++)
    EXPECT_EQ(some.as<int16_t>()[2 * i] + 1, some.as<int16_t>()[2 * i + 1]);
  const auto short_p = run_op("random.choice", {four}, {{"p", std::vector<double>{.5, .5}}});
  EXPECT_THAT(short_p.failure().message, testing::HasSubstr("p has 2 elements"));
  EXPECT_FALSE(run_op("random.choice", {four}, {{"p", std::vector<double>{.5, .5, .5, .5}}}).ok());
}

TEST(Random, NumbersDependOnSeedSampleAndPlaceOnly) {
  for (const char* op : {"random.uniform", "random.normal", "random.beta", "random.coin_flip"}) {
    ArgMap args;
    if (op == std::string("random.beta")) args = {{"alpha", 0.4}, {"beta", 2.0}};
    const auto many = numbers(draw(op, args, 1000)), few = numbers(draw(op, args, 10));
    EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin())) << op;
    EXPECT_NE(many, numbers(draw(op, args, 1000, 6))) << op;
    EXPECT_NE(many, numbers(draw(op, args, 1000, 5, 1))) << op;
  }
}

TEST(Random, EqualSeedsOfTwoKindsAreIndependent) {
  const auto coin = numbers(draw("random.coin_flip", {}, 4000)),
             uniform = numbers(draw("random.uniform", {}, 4000));
  double together = 0;
  for (size_t i = 0; i < coin.size(); i++) together += (coin[i] > 0.5) == (uniform[i] < 0);
  EXPECT_NEAR(together / 4000, 0.5, 0.04);
}

TEST(Random, ShapesAndFailures) {
  const Tensor like = tensor<uint8_t>(DType::Uint8, {2, 3}, "HW", std::vector<uint8_t>(6));
  EXPECT_EQ((*run_op("random.normal", {like}))[0].shape, (Shape{2, 3}));
  EXPECT_EQ((*run_op("random.coin_flip", {}))[0].shape.ndim(), 0);
  EXPECT_EQ((*run_op("coin_flip", {}))[0].dtype, DType::Int32);
  EXPECT_FALSE(run_op("random.normal", {like}, {{"shape", int64_t{3}}}).ok());
  EXPECT_FALSE(run_op("random.uniform", {}, {{"range", std::vector<double>{2, 1}}}).ok());
  EXPECT_FALSE(run_op("random.uniform", {}, {{"shape", int64_t{-1}}}).ok());
  EXPECT_FALSE(run_op("random.beta", {}, {{"alpha", 0.0}}).ok());
}

TEST(Constant, DataShapeAndLayout) {
  const auto c = (*run_op("constant", {},
                          {{"idata", std::vector<int64_t>{1, 2, 300, 4}},
                           {"shape", std::vector<int64_t>{2, 2}},
                           {"dtype", int64_t(DType::Uint8)},
                           {"layout", std::string("HW")}}))[0];
  EXPECT_EQ(values<uint8_t>(c), (std::vector<uint8_t>{1, 2, 255, 4}));
  EXPECT_EQ(c.layout.text(), "HW");
  EXPECT_EQ((*run_op("constant", {}, {{"fdata", 1.5}}))[0].dtype, DType::Float);
  EXPECT_EQ((*run_op("constant", {}, {{"idata", int64_t{3}}, {"shape", std::vector<int64_t>{}}}))[0]
                .shape.ndim(),
            0);
  EXPECT_FALSE(
      run_op("constant", {}, {{"idata", std::vector<int64_t>{1, 2}}, {"shape", int64_t{3}}}).ok());
  EXPECT_FALSE(run_op("constant", {}, {}).ok());
}

}  // namespace
}  // namespace vg::test
