// Reductions and normalizing as tasks against the drivers of the host.
#include "core/cast.h"
#include "core/philox.h"
#include "cpu/drivers.h"
#include "device_form.h"

namespace vg::test {
namespace {

constexpr cuda::Form kForm{&cuda::runs_reduce, &cuda::encode_reduce};
constexpr DType kTypes[] = {DType::Uint8, DType::Uint16,  DType::Uint32, DType::Uint64,
                            DType::Int8,  DType::Int16,   DType::Int32,  DType::Int64,
                            DType::Float, DType::Float64, DType::Float16};

Tensor numbers(DType dtype, const Shape& shape, uint64_t seed, double range = 250) {
  const int64_t n = shape.elements(), size = size_of(dtype);
  Tensor t = tensor<uint8_t>(dtype, shape, "", std::vector<uint8_t>(size_t(n * size + 8)));
  DrawStream draws({seed}, {});
  for (int64_t i = 0; i < n; i++)
    store_number(draws() * range - (is_signed(dtype) ? range / 2 : 0), dtype,
                 t.data.get() + i * size);
  return t;
}

std::vector<int64_t> axes_of(uint32_t mask) {
  std::vector<int64_t> axes;
  for (int axis = 0; axis < 8; axis++)
    if (mask >> axis & 1) axes.push_back(axis);
  return axes;
}

bool equal(std::string_view op, const std::vector<Tensor>& in, const ArgMap& args) {
  return expect_equal_bytes(op, in, args, &cpu::run_reduce, kForm);
}

const Shape kShapes[] = {{31, 23, 3}, {2, 5, 40, 3}, {300}, {3, 1, 700}, {}, {2, 3, 2, 3, 2, 3}};

TEST(CudaReduce, EveryReductionOfEveryTypeAlongAllAxes) {
  for (const Shape& shape : kShapes) {
    for (DType dtype : kTypes) {
      const Tensor t = numbers(dtype, shape, 7);
      for (uint32_t mask = 0; mask<1u << shape.ndim(); mask += shape.ndim()> 4 ? 5 : 1) {
        const ArgMap args{{"axes", axes_of(mask)}};
        for (const char* op : {"sum", "mean", "mean_square", "rms", "min", "max"})
          EXPECT_TRUE(equal("reductions." + std::string(op), {t}, args));
      }
    }
  }
}

TEST(CudaReduce, EveryTypeOfOutput) {
  for (DType dtype : kTypes) {
    for (double range : {10.0, 1e30}) {  // of integers: to the ends of the type
      const Tensor t = numbers(dtype, {9, 400}, 3, range);
      for (int to = 0; to <= int(DType::Bool); to++) {
        const ArgMap args{{"axes", std::vector<int64_t>{1}}, {"dtype", int64_t(to)}};
        for (const char* op : {"sum", "mean", "rms"})
          EXPECT_TRUE(equal("reductions." + std::string(op), {t}, args));
      }
    }
  }
}

TEST(CudaReduce, ManyBlocksAndNone) {
  for (DType dtype : {DType::Uint8, DType::Float, DType::Int64}) {
    for (const char* op : {"reductions.sum", "reductions.mean_square", "reductions.max"}) {
      EXPECT_TRUE(equal(op, {numbers(dtype, {97, 211, 3}, 5)}, {}));
      EXPECT_TRUE(equal(op, {numbers(dtype, {97, 211, 3}, 5)}, {{"axes", axes_of(3)}}));
    }
    EXPECT_TRUE(equal("reductions.sum", {numbers(dtype, {0, 3}, 5)}, {{"axes", axes_of(1)}}));
    EXPECT_TRUE(equal("reductions.mean", {numbers(dtype, {4, 0}, 5)}, {{"axes", axes_of(1)}}));
    EXPECT_TRUE(equal("reductions.sum", {numbers(dtype, {0, 3}, 5)}, {{"axes", axes_of(2)}}));
  }
}

TEST(CudaReduce, DeviationsFromATensor) {
  for (DType dtype : kTypes) {
    const Tensor t = numbers(dtype, {31, 23, 3}, 5);
    for (DType mean : {DType::Float, DType::Float64, DType::Uint8, DType::Float16, DType::Bool}) {
      const ArgMap args{{"axes", axes_of(3)}, {"ddof", int64_t{1}}};
      for (const char* op : {"reductions.variance", "reductions.std_dev"}) {
        EXPECT_TRUE(equal(op, {t, numbers(mean, {3}, 6)}, args));
        EXPECT_TRUE(equal(op, {t, numbers(mean, {}, 6)}, args));
      }
    }
  }
}

TEST(CudaNormalize, MeasuredAndGiven) {
  for (const Shape& shape : kShapes) {
    for (DType dtype : kTypes) {
      const Tensor t = numbers(dtype, shape, 11);
      for (uint32_t mask = 0; mask<1u << shape.ndim(); mask += shape.ndim()> 4 ? 7 : 1) {
        const ArgMap measured{{"axes", axes_of(mask)},
                              {"scale", 64.0},
                              {"shift", 3.0},
                              {"epsilon", 0.5},
                              {"ddof", int64_t{mask & 1}}};
        EXPECT_TRUE(equal("normalize", {t}, measured));
        ArgMap args = measured;
        args["mean"] = 100.0;
        EXPECT_TRUE(equal("normalize", {t}, args));
        args["stddev"] = 7.0;
        EXPECT_TRUE(equal("normalize", {t}, args));
        args.erase("mean");
        EXPECT_TRUE(equal("normalize", {t}, args));
      }
    }
  }
}

TEST(CudaNormalize, TablesAndTypesOfOutput) {
  const Tensor t = numbers(DType::Uint8, {31, 23, 3}, 2), flat = numbers(DType::Uint8, {50}, 1, 0);
  for (int to = 0; to <= int(DType::Bool); to++) {
    const ArgMap args{{"axes", axes_of(3)},
                      {"mean", std::vector<double>{100, 110, 120}},
                      {"stddev", std::vector<double>{50, 0, 70}},
                      {"scale", 64.0},
                      {"shift", 128.0},
                      {"dtype", int64_t(to)}};
    EXPECT_TRUE(equal("normalize", {t}, args));
    EXPECT_TRUE(equal("normalize", {flat}, {{"shift", 2.0}, {"dtype", int64_t(to)}}));
    EXPECT_TRUE(equal("normalize", {numbers(DType::Float, {0, 3}, 1)}, {{"dtype", int64_t(to)}}));
  }
}

}  // namespace
}  // namespace vg::test
