// Elementwise tasks against the driver of the host: all operators, all types, all broadcasts.
#include "core/cast.h"
#include "core/philox.h"
#include "cpu/drivers.h"
#include "device_form.h"
#include "ops/elementwise.h"

namespace vg::test {
namespace {

constexpr cuda::Form kForm{&cuda::runs_elementwise, &cuda::encode_elementwise};
constexpr DType kTypes[] = {DType::Uint8, DType::Uint16,  DType::Uint32, DType::Uint64,
                            DType::Int8,  DType::Int16,   DType::Int32,  DType::Int64,
                            DType::Float, DType::Float64, DType::Bool,   DType::Float16};
constexpr size_t kNumbers = 10, kOperands = 11;  // of them

/// Small numbers with fractions, the ends of the type, and bools that are bytes.
Tensor operand(DType dtype, const Shape& shape, uint64_t seed) {
  const int64_t n = shape.elements(), size = size_of(dtype);
  Tensor t = tensor<uint8_t>(dtype, shape, "", std::vector<uint8_t>(size_t(n * size + 8)));
  DrawStream draws({seed}, {});
  for (int64_t i = 0; i < n; i++) {
    const double x = draws() * 12 - (is_signed(dtype) ? 6 : 0), kind = draws();
    std::byte* to = t.data.get() + i * size;
    if (dtype == DType::Bool)
      *to = std::byte(kind < 0.5 ? 0 : int(draws() * 255));
    else
      store_number(kind < 0.7   ? x
                   : kind < 0.8 ? x * 1e30
                   : kind < 0.9 ? std::floor(x)
                                : x * 1000,
                   dtype, to);
  }
  return t;
}

bool equal(std::string_view op, const std::vector<Tensor>& in, const ArgMap& args = {}) {
  return expect_equal_bytes(op, in, args, &cpu::run_elementwise, kForm);
}

const std::vector<std::string> kBinary = {"_add", "_sub", "_mul", "_div", "math.min", "math.max",
                                          "_eq",  "_ne",  "_lt",  "_le",  "_gt",      "_ge"};
const std::vector<std::string> kIntegral = {"_and", "_or", "_xor", "_shl", "_shr"};

TEST(CudaElementwise, EveryBinaryOperatorOnEveryPairOfTypes) {
  const Shape a{5, 1, 7}, b{3, 1};
  uint64_t seed = 0;
  for (size_t i = 0; i < kOperands; i++) {
    for (size_t k = 0; k < kOperands; k++) {
      const DType common = promote(kTypes[i], kTypes[k]);
      const Tensor x = operand(kTypes[i], a, ++seed), y = operand(kTypes[k], b, ++seed);
      for (const std::string& op : kBinary) {
        const bool compares = op[0] == '_' && (op.find('t') != op.npos || op.find('e') != op.npos ||
                                               op.find('q') != op.npos);
        if (common == DType::Bool && !compares && op != "_mul") continue;
        const bool mixed = compares && kTypes[i] != kTypes[k] && common == DType::Int64 &&
                           (kTypes[i] == DType::Uint64 || kTypes[k] == DType::Uint64);
        EXPECT_EQ(equal(op, {x, y}), !mixed) << op;
      }
      if (is_float(common)) {
        EXPECT_TRUE(equal("_mod", {x, y}));
        EXPECT_TRUE(equal("_floordiv", {x, y}));
        EXPECT_FALSE(equal("_pow", {x, y}));  // of the C library
      } else {
        for (const std::string& op : kIntegral) EXPECT_TRUE(equal(op, {x, y})) << op;
        if (common == DType::Bool) continue;
        EXPECT_TRUE(equal("_pow", {x, y}));
        EXPECT_FALSE(equal("_mod", {x, y}));  // zero is an error
        EXPECT_FALSE(equal("_floordiv", {x, y}));
      }
    }
  }
}

TEST(CudaElementwise, UnaryOperatorsAndClamp) {
  for (size_t i = 0; i < kNumbers; i++) {
    const Tensor x = operand(kTypes[i], {4, 33}, i + 1);
    for (const char* op :
         {"_neg", "math.abs", "math.sqrt", "math.rsqrt", "math.fabs", "math.floor", "math.ceil"})
      EXPECT_TRUE(equal(op, {x})) << op;
    for (const char* op : {"math.exp", "math.sin", "math.cbrt", "math.log2"})
      EXPECT_FALSE(equal(op, {x})) << op;
    EXPECT_FALSE(equal("math.atan2", {x, x}));
    EXPECT_TRUE(is_float(kTypes[i]) || equal("_bitwise_not", {x}));
    for (size_t k = 0; k < kNumbers; k++)
      EXPECT_TRUE(equal("math.clamp", {x, operand(kTypes[k], {33}, k), operand(kTypes[i], {}, 9)}));
  }
  EXPECT_TRUE(equal("_bitwise_not", {operand(DType::Bool, {77}, 1)}));
}

TEST(CudaElementwise, Broadcasts) {
  const std::vector<std::pair<Shape, Shape>> shapes = {{{}, {}},
                                                       {{1}, {4099}},
                                                       {{1500}, {1500}},
                                                       {{40, 30, 3}, {3}},
                                                       {{40, 1, 3}, {30, 1}},
                                                       {{2, 1, 3, 1, 5}, {4, 1, 6, 1}},
                                                       {{2, 1, 3, 1, 2, 1}, {1, 3, 1, 2, 1, 3}},
                                                       {{3, 1100}, {1100}},
                                                       {{0, 3}, {3}},
                                                       {{2, 5, 70}, {2, 1, 70}}};
  uint64_t seed = 100;
  for (const auto& [a, b] : shapes) {
    for (DType type : {DType::Uint8, DType::Float, DType::Int64}) {
      const Tensor x = operand(type, a, ++seed), y = operand(DType::Int16, b, ++seed);
      for (const char* op : {"_add", "_sub", "_lt"}) {
        EXPECT_TRUE(equal(op, {x, y}));
        EXPECT_TRUE(equal(op, {y, x}));
      }
    }
  }
}

TEST(CudaElementwise, CastsAndFills) {
  for (DType from : kTypes) {
    const Tensor x = operand(from, {3, 211}, 3);
    for (DType to : kTypes) {
      EXPECT_TRUE(equal("cast", {x}, {{"dtype", int64_t(to)}}));
      EXPECT_TRUE(equal("cast_like", {x, operand(to, {}, 1)}));
      EXPECT_TRUE(equal("zeros_like", {x}, {{"dtype", int64_t(to)}}));
      EXPECT_TRUE(equal("ones_like", {x}, {{"dtype", int64_t(to)}}));
    }
    EXPECT_TRUE(equal("full", {operand(from, {}, 4)}, {{"shape", std::vector<int64_t>{7, 9}}}));
    EXPECT_TRUE(
        equal("full", {operand(from, {5, 1}, 4)}, {{"shape", std::vector<int64_t>{3, 5, 2}}}));
    EXPECT_TRUE(equal("full_like", {operand(DType::Uint8, {6, 11}, 1), operand(from, {11}, 4)}));
    EXPECT_TRUE(
        equal("ones", {}, {{"shape", std::vector<int64_t>{4097}}, {"dtype", int64_t(from)}}));
  }
}

}  // namespace
}  // namespace vg::test
