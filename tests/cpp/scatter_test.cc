// The scatter family: the driver against the reference, boxes by hand, and noise as statistics.
#include <cmath>
#include <set>

#include "cpu/drivers.h"
#include "planned_op.h"
#include "reference/scatter.h"

namespace vg {
namespace {

using test::PlannedOp;
using test::run_op;
using test::tensor;
using test::values;
using Floats = std::vector<double>;

TEST(Scatter, EqualsItsReference) {
  const std::tuple<DType, Shape, Layout> inputs[] = {
      {DType::Uint8, {31, 23, 3}, "HWC"}, {DType::Uint8, {3, 17, 12}, "CHW"},
      {DType::Int32, {9, 11, 1}, "HWC"},  {DType::Float, {3, 10, 14, 3}, "FHWC"},
      {DType::Int16, {33, 70, 2}, "HWC"}, {DType::Uint8, {2, 3, 9, 40}, "FCHW"},
      {DType::Float16, {8, 8, 3}, "HWC"}, {DType::Uint64, {20, 21, 4}, "HWC"}};
  const std::pair<const char*, ArgMap> calls[] = {
      {"noise.gaussian", {{"mean", 3.0}, {"stddev", 20.0}}},
      {"noise.shot", {{"factor", 5.0}}},
      {"noise.salt_and_pepper", {{"prob", 0.4}}},
      {"noise.salt_and_pepper", {{"prob", 0.4}, {"per_channel", true}, {"salt_val", 9.0}}},
      {"grid_mask", {{"tile", int64_t{5}}, {"ratio", 0.6}, {"angle", 0.4}, {"shift_x", 2.5}}},
      {"erase", {{"anchor", Floats{2, 3}}, {"shape", Floats{4, 5}}, {"axis_names", "HW"}}},
      {"erase", {{"anchor", Floats{2, 0}}, {"shape", Floats{4, 99}}, {"axis_names", "WH"}}},
      {"erase",
       {{"anchor", Floats{0, 1, 3, 5}},
        {"shape", Floats{2, 2, 3, 3}},
        {"axis_names", "HW"},
        {"fill_value", 7.9}}},
      {"erase", {{"anchor", Floats{1}}, {"shape", Floats{2}}, {"axis_names", "C"}}}};
  for (const auto& [dtype, shape, layout] : inputs)
    for (const auto& [name, args] : calls) {
      if (name == std::string_view("grid_mask") && layout.text().back() != 'C') continue;
      PlannedOp op(name, test::noise(dtype, shape, layout), args, DrawKey{77});
      ASSERT_TRUE(op.status().ok()) << op.status().failure().message;
      EXPECT_EQ(test::bytes(op.run(cpu::run_scatter)), test::bytes(op.run(reference::run_scatter)))
          << name << " " << name_of(dtype) << " " << shape.text();
    }
}

TEST(Scatter, FillsPerChannelWhereverChannelsAre) {
  for (const char* layout : {"HWC", "CHW", "HCW"}) {
    PlannedOp op("erase", test::noise(DType::Int16, {3, 3, 3}, layout),
                 {{"anchor", Floats{1, 0}},
                  {"shape", Floats{2, 2}},
                  {"axis_names", "HW"},
                  {"fill_value", Floats{10, 20, 30}}});
    ASSERT_TRUE(op.status().ok());
    EXPECT_EQ(test::bytes(op.run(cpu::run_scatter)), test::bytes(op.run(reference::run_scatter)));
  }
}

/// The rows and columns that a box erased: "2-5 0-3".
std::string erased(const ArgMap& args) {
  const Tensor ones = tensor(DType::Uint8, {20, 30, 3}, "HWC", std::vector<uint8_t>(1800, 1));
  const auto out = run_op("erase", {ones}, args);
  if (!out.ok()) return out.failure().message;
  const uint8_t* v = (*out)[0].as<uint8_t>();
  int low[2] = {99, 99}, high[2] = {}, count = 0;
  for (int i = 0; i < 1800; i++) {
    if (v[i] != 0) continue;
    const int at[2] = {i / 90, i / 3 % 30};
    for (int k = 0; k < 2; k++)
      low[k] = std::min(low[k], at[k]), high[k] = std::max(high[k], at[k] + 1);
    count++;
  }
  if (count == 0) return "nothing";
  EXPECT_EQ(count, 3 * (high[0] - low[0]) * (high[1] - low[1]));
  return fmt::format("{}-{} {}-{}", low[0], high[0], low[1], high[1]);
}

TEST(Erase, TruncatesClipsAndCentres) {
  const auto box = [](Floats anchor, Floats shape, ArgMap more = {}) {
    more["anchor"] = std::move(anchor);
    more["shape"] = std::move(shape);
    return erased(more);
  };
  EXPECT_EQ(box({4, 6}, {10, 8}), "4-14 6-14");
  EXPECT_EQ(box({4.7, 6.2}, {10.6, 8.5}), "4-15 6-14");  // the end is trunc(anchor + shape)
  EXPECT_EQ(box({-4.5, -6}, {10, 100}), "0-5 0-30");
  EXPECT_EQ(box({4, 6}, {-3, 8}), "nothing");
  EXPECT_EQ(box({100, 100}, {10, 8}), "nothing");
  EXPECT_EQ(box({10, 15}, {7, 5}, {{"centered_anchor", true}}), "6-13 12-17");
  EXPECT_EQ(box({0.25, 0.5}, {0.5, 0.1}, {{"normalized", true}}), "5-15 15-18");
  EXPECT_EQ(box({4, 6}, {10, 8}, {{"axis_names", "WH"}}), "6-14 4-14");
  EXPECT_EQ(box({4, 6}, {10, 8}, {{"axes", std::vector<int64_t>{1, 0}}}), "6-14 4-14");
  EXPECT_EQ(box({5}, {2}, {{"axis_names", "W"}}), "0-20 5-7");
}

TEST(Erase, SaysWhatIsWrong) {
  EXPECT_NE(erased({{"anchor", Floats{1, 1}}}).find("shape"), std::string::npos);
  EXPECT_NE(erased({{"anchor", Floats{1, 1, 1}}, {"shape", Floats{1, 1, 1}}}).find("multiple"),
            std::string::npos);
  EXPECT_NE(erased({{"anchor", Floats{1, 1}},
                    {"shape", Floats{1, 1}},
                    {"normalized", true},
                    {"normalized_anchor", true}})
                .find("normalized"),
            std::string::npos);
}

struct Moments {
  double mean = 0, variance = 0;
};

Moments moments(const Tensor& t) {
  const double n = static_cast<double>(t.shape.elements());
  Moments m;
  for (int64_t i = 0; i < t.shape.elements(); i++) m.mean += t.as<float>()[i] / n;
  for (int64_t i = 0; i < t.shape.elements(); i++)
    m.variance += (t.as<float>()[i] - m.mean) * (t.as<float>()[i] - m.mean) / n;
  return m;
}

TEST(Noise, HasItsMeanAndVariance) {
  const Tensor flat = tensor(DType::Float, {300, 400, 3}, "HWC", std::vector<float>(360000, 50.0f));
  const Moments gauss =
      moments((*run_op("noise.gaussian", {flat}, {{"mean", 4.0}, {"stddev", 3.0}}))[0]);
  EXPECT_NEAR(gauss.mean, 54, 6 * 3 / 600.0);
  EXPECT_NEAR(gauss.variance, 9, 6 * 9 * std::sqrt(2.0) / 600);
  const Moments shot = moments((*run_op("noise.shot", {flat}, {{"factor", 2.0}}))[0]);
  EXPECT_NEAR(shot.mean, 50, 6 * 10 / 600.0);
  EXPECT_NEAR(shot.variance, 100, 6 * 100 * 1.5 / 600);
}

TEST(Noise, ShotWithoutAFactorCountsTwelves) {
  const Tensor x = test::noise(DType::Uint8, {20, 20, 3}, "HWC");
  for (uint8_t v : values<uint8_t>((*run_op("noise.shot", {x}))[0]))
    EXPECT_TRUE(v % 12 == 0 || v == 255);
  EXPECT_EQ(values<uint8_t>((*run_op("noise.shot", {x}, {{"factor", 0.0}}))[0]),
            std::vector<uint8_t>(1200, 0));
}

TEST(Noise, BelongsToTheSampleAndTheSeed) {
  const Tensor x = tensor(DType::Float, {16, 16, 3}, "HWC", std::vector<float>(768, 0.0f));
  const auto draw = [&](uint64_t id, uint32_t epoch, int64_t seed) {
    CallOptions options;
    options.seed = seed;
    Sample sample;
    sample.key = {id, epoch};
    return values<float>((*run_op("noise.gaussian", {x}, {}, options, sample))[0]);
  };
  EXPECT_EQ(draw(5, 1, 9), draw(5, 1, 9));
  EXPECT_NE(draw(5, 1, 9), draw(6, 1, 9));
  EXPECT_NE(draw(5, 1, 9), draw(5, 2, 9));
  EXPECT_NE(draw(5, 1, 9), draw(5, 1, 10));
}

TEST(SaltAndPepper, HitsPixelsAsAWholeInItsShares) {
  const Tensor x = tensor(DType::Uint8, {200, 200, 3}, "HWC", std::vector<uint8_t>(120000, 100));
  const auto out = values<uint8_t>(
      (*run_op("noise.salt_and_pepper", {x}, {{"prob", 0.2}, {"salt_vs_pepper", 0.8}}))[0]);
  int salt = 0, pepper = 0;
  for (size_t i = 0; i < out.size(); i += 3) {
    EXPECT_TRUE(out[i] == out[i + 1] && out[i] == out[i + 2]);
    salt += out[i] == 255;
    pepper += out[i] == 0;
  }
  EXPECT_NEAR(salt / 40000.0, 0.16, 6 * std::sqrt(0.16 * 0.84 / 40000));
  EXPECT_NEAR(pepper / 40000.0, 0.04, 6 * std::sqrt(0.04 * 0.96 / 40000));
}

TEST(SaltAndPepper, TakesTheEndsOfTheTypeAndKeepsLargeIntegers) {
  const int32_t large = 2147483646;  // no float
  const Tensor x = tensor(DType::Int32, {30, 30, 1}, "HWC", std::vector<int32_t>(900, large));
  const auto out = values<int32_t>((*run_op("noise.salt_and_pepper", {x}, {{"prob", 0.5}}))[0]);
  const std::set<int32_t> got(out.begin(), out.end());
  EXPECT_EQ(got, (std::set<int32_t>{-2147483647 - 1, large, 2147483647}));
  EXPECT_FALSE(run_op("noise.salt_and_pepper", {x}, {{"prob", 1.5}}).ok());
}

}  // namespace
}  // namespace vg
