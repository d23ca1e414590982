// Reductions and normalize against plain loops over all elements.
#include <gmock/gmock.h>

#include <cmath>

#include "core/cast.h"
#include "core/philox.h"
#include "run_op.h"

namespace vg::test {
namespace {

Tensor numbers(DType dtype, const Shape& shape, const char* layout, uint64_t seed) {
  Tensor t =
      tensor<uint8_t>(dtype, shape, layout, std::vector<uint8_t>(size_t(shape.elements() * 8)));
  DrawStream draws({seed}, {});
  for (int64_t i = 0; i < shape.elements(); i++)
    store_number(draws() * 250 - (is_signed(dtype) ? 125 : 0), dtype,
                 t.data.get() + i * size_of(dtype));
  return t;
}

/// Elements of `t` by the result that they belong to, in C order.
std::vector<std::vector<double>> group(const Tensor& t, uint32_t reduced) {
  std::vector<std::vector<double>> groups;
  for (int64_t i = 0; i < t.shape.elements(); i++) {
    int64_t rest = i, index = 0, stride = 1;
    for (int axis = t.shape.ndim() - 1; axis >= 0; axis--) {
      const int64_t place = rest % t.shape[axis];
      rest /= t.shape[axis];
      if (reduced >> axis & 1) continue;
      index += place * stride;
      stride *= t.shape[axis];
    }
    if (groups.size() <= size_t(index)) groups.resize(size_t(index) + 1);
    groups[size_t(index)].push_back(element({t, t.data.get()}, i));
  }
  return groups;
}

/// The sum in the order that ops/reduce.h defines.
double ordered_sum(const std::vector<double>& x) {
  double sum = 0;
  for (size_t from = 0; from < x.size(); from += 256) {
    double lane[8] = {};
    for (size_t i = from; i < std::min(from + 256, x.size()); i++) lane[(i - from) % 8] += x[i];
    sum +=
        ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
  }
  return sum;
}

std::vector<int64_t> axes_of(uint32_t mask) {
  std::vector<int64_t> axes;
  for (int axis = 0; axis < 8; axis++)
    if (mask >> axis & 1) axes.push_back(axis);
  return axes;
}

TEST(Reduce, EqualsPlainLoopsBitForBit) {
  for (const Shape& shape :
       {Shape{31, 23, 3}, Shape{2, 5, 40, 3}, Shape{300}, Shape{3, 1, 700}, Shape{}}) {
    for (DType dtype : {DType::Uint8, DType::Int16, DType::Float, DType::Float64, DType::Float16}) {
      const Tensor t = numbers(dtype, shape, "", 7);
      for (uint32_t mask = 0; mask < 1u << shape.ndim(); mask++) {
        const ArgMap args{{"axes", axes_of(mask)}};
        const auto sums = run_op("reductions.sum", {t}, args),
                   means = run_op("reductions.mean", {t}, args),
                   squares = run_op("reductions.mean_square", {t}, args),
                   low = run_op("reductions.min", {t}, args),
                   high = run_op("reductions.max", {t}, args);
        ASSERT_TRUE(sums.ok()) << sums.failure().message;
        const auto groups = group(t, mask);
        for (size_t o = 0; o < groups.size(); o++) {
          const auto at = [&](const auto& r) {
            return element({(*r)[0], (*r)[0].data.get()}, int64_t(o));
          };
          const double sum = ordered_sum(groups[o]), n = double(groups[o].size());
          std::vector<double> square = groups[o];
          for (double& x : square) x *= x;
          ASSERT_EQ(at(sums), is_float(dtype) ? double(float(sum)) : sum) << shape.text() << mask;
          ASSERT_EQ(at(means), double(float(sum / n)));
          ASSERT_EQ(at(squares), double(float(ordered_sum(square) / n)));
          ASSERT_EQ(at(low), *std::min_element(groups[o].begin(), groups[o].end()));
          ASSERT_EQ(at(high), *std::max_element(groups[o].begin(), groups[o].end()));
        }
      }
    }
  }
}

TEST(Reduce, NamesTypesAndLayouts) {
  const Tensor t = numbers(DType::Uint8, {4, 5, 3}, "HWC", 1);
  const auto desc = [&](const char* op, const ArgMap& args) { return (*run_op(op, {t}, args))[0]; };
  EXPECT_EQ(desc("reductions.sum", {}).dtype, DType::Uint64);
  EXPECT_EQ(desc("reductions.sum", {}).shape.ndim(), 0);
  EXPECT_EQ(desc("reductions.sum", {{"axis_names", std::string("HW")}}).layout.text(), "C");
  EXPECT_EQ(desc("reductions.sum", {{"axes", std::vector<int64_t>{0, 2}}}).layout.text(), "W");
  EXPECT_EQ(
      desc("reductions.mean", {{"axes", std::vector<int64_t>{-1}}, {"keep_dims", true}}).shape,
      (Shape{4, 5, 1}));
  EXPECT_EQ(desc("reductions.min", {}).dtype, DType::Uint8);
  EXPECT_EQ(desc("reductions.sum", {{"axes", std::vector<int64_t>{}}}).shape, t.shape);
  EXPECT_EQ(desc("reductions.sum", {{"dtype", int64_t(DType::Float)}}).dtype, DType::Float);
}

TEST(Reduce, SumsOf64BitsAreExact) {
  const Tensor t = tensor<int64_t>(DType::Int64, {3}, "", {INT64_MAX - 1, 1, -5});
  EXPECT_EQ(*(*run_op("reductions.sum", {t}))[0].as<int64_t>(), INT64_MAX - 5);
  const Tensor wide = tensor<uint64_t>(DType::Uint64, {2}, "", {UINT64_MAX, UINT64_MAX});
  EXPECT_EQ(*(*run_op("reductions.mean", {wide}))[0].as<float>(), 0x1p64f);
}

TEST(Reduce, Failures) {
  const Tensor t = numbers(DType::Uint8, {4, 5, 3}, "HWC", 1);
  const auto both = run_op("reductions.sum", {t},
                           {{"axes", std::vector<int64_t>{0}}, {"axis_names", std::string("H")}});
  EXPECT_THAT(both.failure().message,
              testing::AllOf(testing::HasSubstr("axes"), testing::HasSubstr("axis_names")));
  const auto range = run_op("reductions.sum", {t}, {{"axes", std::vector<int64_t>{5}}});
  EXPECT_EQ(range.failure().kind, ErrorKind::Index);
  EXPECT_THAT(range.failure().message, testing::HasSubstr("out of range"));
  EXPECT_FALSE(run_op("reductions.mean", {tensor<uint8_t>(DType::Bool, {1}, "", {1})}).ok());
  EXPECT_FALSE(run_op("reductions.max", {numbers(DType::Float, {0, 3}, "", 1)}).ok());
}

TEST(Reduce, DeviationsFromAGivenMean) {
  const Tensor t = numbers(DType::Uint8, {31, 23, 3}, "HWC", 5);
  const ArgMap axes{{"axes", std::vector<int64_t>{0, 1}}, {"ddof", int64_t{1}}};
  const Tensor mean = tensor<float>(DType::Float, {3}, "C", {100, 110, 120});
  const auto variance = (*run_op("reductions.variance", {t, mean}, axes))[0];
  const auto deviation = (*run_op("reductions.std_dev", {t, mean}, axes))[0];
  const auto groups = group(t, 3);
  for (int c = 0; c < 3; c++) {
    double sum = 0;
    for (double x : groups[size_t(c)]) sum += (x - 100 - 10 * c) * (x - 100 - 10 * c);
    EXPECT_EQ(variance.as<float>()[c],
              float(sum / (31 * 23 - 1)));  // whole numbers: exact in any order
    EXPECT_EQ(deviation.as<float>()[c], float(std::sqrt(sum / (31 * 23 - 1))));
  }
}

TEST(Normalize, SubtractsAndDividesByItsOwnStatistics) {
  for (const Shape& shape : {Shape{31, 23, 3}, Shape{40, 50}, Shape{2, 3, 700}, Shape{}}) {
    for (uint32_t mask = 0; mask < 1u << shape.ndim(); mask++) {
      const Tensor t = numbers(DType::Int16, shape, "", 11);
      const auto got =
          run_op("normalize", {t},
                 {{"axes", axes_of(mask)}, {"scale", 64.0}, {"shift", 3.0}, {"epsilon", 0.5}});
      ASSERT_TRUE(got.ok()) << got.failure().message;
      const auto outputs = group((*got)[0], mask), inputs = group(t, mask);
      for (size_t o = 0; o < inputs.size(); o++) {
        double mean = 0, variance = 0;
        for (double x : inputs[o]) mean += x / double(inputs[o].size());
        for (double x : inputs[o]) variance += (x - mean) * (x - mean) / double(inputs[o].size());
        for (size_t i = 0; i < inputs[o].size(); i++)
          ASSERT_NEAR(outputs[o][i], 64 * (inputs[o][i] - mean) / std::sqrt(variance + 0.5) + 3,
                      2e-4);
      }
    }
  }
}

TEST(Normalize, TakesGivenStatisticsAndRoundsToIntegers) {
  const Tensor t = tensor<uint8_t>(DType::Uint8, {2, 2}, "", {0, 100, 200, 255});
  const ArgMap args{{"mean", 100.0},
                    {"stddev", 50.0},
                    {"scale", 64.0},
                    {"shift", 128.0},
                    {"dtype", int64_t(DType::Uint8)}};
  EXPECT_EQ(values<uint8_t>((*run_op("normalize", {t}, args))[0]),
            (std::vector<uint8_t>{0, 128, 255, 255}));
  const Tensor flat = tensor<uint8_t>(DType::Uint8, {3}, "", {7, 7, 7});
  EXPECT_EQ(values<float>((*run_op("normalize", {flat}, {{"shift", 2.0}}))[0]),
            (std::vector<float>{2, 2, 2}));
  EXPECT_FALSE(run_op("normalize", {t}, {{"mean", std::vector<double>{1, 2, 3}}}).ok());
}

}  // namespace
}  // namespace vg::test
