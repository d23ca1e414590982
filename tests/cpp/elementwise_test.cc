// Arithmetic and casts: promotion, broadcasting against one element at a time, and refusals.
#include <gmock/gmock.h>

#include <cmath>
#include <cstring>

#include "core/cast.h"
#include "core/philox.h"
#include "ops/elementwise.h"
#include "run_op.h"
#include "variegate/arithmetic.h"

namespace vg::test {
namespace {

constexpr DType kTypes[] = {DType::Uint8,   DType::Uint16, DType::Uint32,  DType::Uint64,
                            DType::Int8,    DType::Int16,  DType::Int32,   DType::Int64,
                            DType::Float16, DType::Float,  DType::Float64, DType::Bool};

Tensor random_tensor(DType dtype, const Shape& shape, const char* layout, DrawStream& draws) {
  Tensor t =
      tensor<uint8_t>(dtype, shape, layout, std::vector<uint8_t>(size_t(shape.elements() * 8)));
  for (int64_t i = 0; i < shape.elements(); i++)
    store_number(std::floor(draws() * 120) - (is_signed(dtype) ? 60 : 0), dtype,
                 t.data.get() + i * size_of(dtype));
  return t;
}

Tensor scalar_at(const Tensor& t, int64_t i) {
  Tensor s = tensor<uint8_t>(t.dtype, {}, "", std::vector<uint8_t>(8));
  std::memcpy(s.data.get(), t.data.get() + i * size_of(t.dtype), size_t(size_of(t.dtype)));
  return s;
}

/// The element of an operand that meets output element `at`.
int64_t operand_index(const Tensor& t, const Shape& out, int64_t at) {
  int64_t index = 0, stride = 1;
  for (int axis = out.ndim() - 1; axis >= 0; axis--) {
    const int64_t place = at % out[axis];
    at /= out[axis];
    const int own = axis - (out.ndim() - t.shape.ndim());
    if (own < 0) continue;
    index += t.shape[own] == 1 ? 0 : place * stride;
    stride *= t.shape[own];
  }
  return index;
}

/// The operator on whole tensors gives the bytes that it gives element by element.
void expect_elementwise(const char* op, const std::vector<Tensor>& in) {
  const auto whole = run_op(op, in);
  ASSERT_TRUE(whole.ok()) << op << ": " << whole.failure().message;
  const Tensor& out = (*whole)[0];
  const int64_t n = out.shape.elements(), size = size_of(out.dtype),
                step = std::max<int64_t>(1, n / 61);
  for (int64_t i = 0; i < n; i += step) {
    std::vector<Tensor> single;
    for (const Tensor& t : in) single.push_back(scalar_at(t, operand_index(t, out.shape, i)));
    const auto one = run_op(op, single);
    ASSERT_TRUE(one.ok());
    ASSERT_EQ(std::memcmp((*one)[0].data.get(), out.data.get() + i * size, size_t(size)), 0)
        << op << " element " << i << " of " << out.shape.text();
  }
}

TEST(Elementwise, BroadcastsAndConvertsLikeOneElementAtATime) {
  const std::vector<std::pair<Shape, Shape>> shapes = {{{}, {}},
                                                       {{7}, {}},
                                                       {{}, {1500}},
                                                       {{1500}, {1500}},
                                                       {{40, 30, 3}, {3}},
                                                       {{40, 1, 3}, {30, 1}},
                                                       {{1, 900}, {5, 1}},
                                                       {{2, 1, 3, 1, 5}, {4, 1, 6, 1}},
                                                       {{3, 1100}, {1100}},
                                                       {{2, 5, 700}, {2, 1, 700}},
                                                       {{0, 3}, {3}}};
  DrawStream draws({1}, {});
  int k = 0;
  for (const auto& [a, b] : shapes) {
    for (const char* op :
         {"_add", "_sub", "_mul", "_div", "_lt", "_eq", "math.max", "math.atan2"}) {
      const DType ta = kTypes[k % 8], tb = std::array{DType::Float, DType::Int16, DType::Uint64,
                                                      DType::Float64, DType::Uint8}[k % 5];
      k++;
      expect_elementwise(op, {random_tensor(ta, a, "", draws), random_tensor(tb, b, "", draws)});
    }
  }
  expect_elementwise("math.clamp", {random_tensor(DType::Int32, {9, 200}, "", draws),
                                    random_tensor(DType::Uint8, {200}, "", draws),
                                    random_tensor(DType::Float, {9, 1}, "", draws)});
}

TEST(Elementwise, PromotesAsTheTableSays) {
  EXPECT_EQ(promote(DType::Uint8, DType::Int8), DType::Int16);
  EXPECT_EQ(promote(DType::Int8, DType::Uint32), DType::Int64);
  EXPECT_EQ(promote(DType::Uint64, DType::Int8), DType::Int64);
  EXPECT_EQ(promote(DType::Int32, DType::Uint8), DType::Int32);
  EXPECT_EQ(promote(DType::Uint8, DType::Uint32), DType::Uint32);
  EXPECT_EQ(promote(DType::Bool, DType::Int8), DType::Int8);
  EXPECT_EQ(promote(DType::Bool, DType::Bool), DType::Bool);
  EXPECT_EQ(promote(DType::Int64, DType::Float), DType::Float);
  EXPECT_EQ(promote(DType::Float64, DType::Float), DType::Float64);
  for (DType a : kTypes)
    for (DType b : kTypes) EXPECT_EQ(promote(a, b), promote(b, a));
}

template <class T, class R>
void expect_values(const char* op, DType in, std::vector<T> a, std::vector<T> b, DType out,
                   std::vector<R> want) {
  const Shape shape{int64_t(a.size())};
  const auto got = run_op(op, {tensor(in, shape, "", a), tensor(in, shape, "", b)});
  ASSERT_TRUE(got.ok()) << got.failure().message;
  EXPECT_EQ((*got)[0].dtype, out) << op;
  EXPECT_EQ(values<R>((*got)[0]), want) << op;
}

TEST(Elementwise, IntegersWrapAndDivideTowardZero) {
  expect_values<int32_t, int32_t>("_add", DType::Int32, {INT32_MAX, -7}, {1, 2}, DType::Int32,
                                  {INT32_MIN, -5});
  expect_values<uint16_t, uint16_t>("_mul", DType::Uint16, {65535}, {65535}, DType::Uint16, {1});
  expect_values<int32_t, int32_t>("_floordiv", DType::Int32, {-7, 7, INT32_MIN}, {2, -2, -1},
                                  DType::Int32, {-3, -3, INT32_MIN});
  expect_values<int32_t, int32_t>("_mod", DType::Int32, {-7, 7, INT32_MIN}, {2, -2, -1},
                                  DType::Int32, {-1, 1, 0});
  expect_values<int64_t, int64_t>("_mod", DType::Int64, {INT64_MIN}, {-1}, DType::Int64, {0});
  expect_values<int8_t, int8_t>("_pow", DType::Int8, {-7, 2, 2, 0}, {2, 7, -1, 0}, DType::Int8,
                                {49, -128, 0, 1});
  expect_values<int32_t, float>("_div", DType::Int32, {5, 7}, {0, 2}, DType::Float,
                                {INFINITY, 3.5f});
  expect_values<float, float>("_floordiv", DType::Float, {-7.5f}, {2}, DType::Float, {-3.75f});
  expect_values<float, float>("_mod", DType::Float, {-7.5f, 7.5f}, {2, -2}, DType::Float,
                              {-1.5f, 1.5f});
  expect_values<int8_t, int8_t>("_shl", DType::Int8, {1, 100, 1}, {3, 1, 8}, DType::Int8,
                                {8, -56, 0});
  expect_values<int8_t, int8_t>("_shr", DType::Int8, {-128, 64, -1}, {3, 1, 9}, DType::Int8,
                                {-16, 32, -1});
}

TEST(Elementwise, ComparesNumbersWhateverTheirTypes) {
  const Tensor big = tensor<uint64_t>(DType::Uint64, {3}, "", {UINT64_MAX, 5, 1ull << 63});
  const Tensor low = tensor<int64_t>(DType::Int64, {3}, "", {-1, 5, INT64_MAX});
  const auto got = [&](const char* op, const Tensor& a, const Tensor& b) {
    return values<uint8_t>((*run_op(op, {a, b}))[0]);
  };
  using V = std::vector<uint8_t>;
  EXPECT_EQ(got("_lt", low, big), (V{1, 0, 1}));
  EXPECT_EQ(got("_lt", big, low), (V{0, 0, 0}));
  EXPECT_EQ(got("_eq", big, low), (V{0, 1, 0}));
  EXPECT_EQ(got("_ge", big, low), (V{1, 1, 1}));
  EXPECT_EQ(got("_le", big, low), (V{0, 1, 0}));
  const Tensor nan = tensor<float>(DType::Float, {1}, "", {NAN});
  for (const char* op : {"_lt", "_le", "_gt", "_ge", "_eq"})
    EXPECT_EQ(got(op, nan, nan), V{0}) << op;
  EXPECT_EQ(got("_ne", nan, nan), V{1});
}

TEST(Elementwise, KeepsTheLongerLayout) {
  const auto layout = [](Shape a, const char* la, Shape b, const char* lb) {
    DrawStream draws({3}, {});
    const auto r = run_op("_add", {random_tensor(DType::Uint8, a, la, draws),
                                   random_tensor(DType::Uint8, b, lb, draws)});
    return r.ok() ? std::string((*r)[0].layout.text()) : r.failure().message;
  };
  EXPECT_EQ(layout({2, 3, 3}, "HWC", {3}, "C"), "HWC");
  EXPECT_EQ(layout({1, 1, 3}, "", {2, 3, 3}, "HWC"), "HWC");
  EXPECT_EQ(layout({3}, "W", {2, 3}, ""), "");
  EXPECT_THAT(layout({2, 3}, "HW", {2, 3}, "WH"), testing::HasSubstr("layout"));
  EXPECT_THAT(layout({2, 3}, "HW", {2}, "H"), testing::HasSubstr("shape"));
}

TEST(Elementwise, RefusesWhatHasNoMeaning) {
  DrawStream draws({2}, {});
  const auto failure = [&](const char* op, std::vector<DType> types,
                           const Shape& shape = Shape{4}) {
    std::vector<Tensor> in;
    for (DType t : types) in.push_back(random_tensor(t, shape, "", draws));
    const auto r = run_op(op, in);
    return r.ok() ? Failure{ErrorKind::Plain, "no failure"} : r.failure();
  };
  for (const char* op :
       {"_add", "_sub", "_div", "_floordiv", "_mod", "_pow", "math.min", "math.atan2"})
    EXPECT_THAT(failure(op, {DType::Bool, DType::Bool}).message, testing::HasSubstr("bool")) << op;
  for (const char* op : {"_neg", "_abs", "math.sqrt"})
    EXPECT_EQ(failure(op, {DType::Bool}).kind, ErrorKind::Runtime) << op;
  for (const char* op : {"_and", "_shl"})
    EXPECT_THAT(failure(op, {DType::Float, DType::Uint8}).message, testing::HasSubstr("integral"));
  for (const char* op : {"_add", "_eq", "_mul", "math.pow"})
    EXPECT_THAT(failure(op, {DType::Float16, DType::Uint8}).message, testing::HasSubstr("float16"));
  const Tensor zero = tensor<int32_t>(DType::Int32, {}, "", {0});
  for (const char* op : {"_floordiv", "_mod"}) {
    const auto r = run_op(op, {random_tensor(DType::Uint8, {3, 500}, "", draws), zero});
    ASSERT_FALSE(r.ok());
    EXPECT_EQ(r.failure().kind, ErrorKind::Value);
    EXPECT_THAT(r.failure().message, testing::HasSubstr("Integer division by zero"));
  }
  EXPECT_THAT(run_op("_add", {random_tensor(DType::Uint8, {2, 1, 2, 1, 2, 1, 2}, "", draws),
                              random_tensor(DType::Uint8, {1, 2, 1, 2, 1, 2, 1}, "", draws)})
                  .failure()
                  .message,
              testing::HasSubstr("groups"));
}

TEST(Cast, EveryPairOfTypesAgreesWithExactArithmetic) {
  const std::vector<double> inputs = {0,     0.4,   0.5, 1.5,  2.5,     -0.4,    -0.5,  -2.5,
                                      127.5, 255.5, 256, -129, 32767.5, 65535.5, 70000, -70000,
                                      3e9,   -3e9,  5e9, 1e19, 1e20,    -1e20};
  for (DType from : kTypes) {
    for (DType to : kTypes) {
      for (double x : inputs) {
        alignas(8) std::array<std::byte, 8> in{}, out{};
        store_number(x, from, in.data());
        cast_elements(from, in.data(), to, out.data(), 1);
        const double exact = element({{from, {}, {}}, in.data()}, 0);
        const double got = element({{to, {}, {}}, out.data()}, 0);
        if (to == DType::Bool) {
          EXPECT_EQ(got, std::fabs(exact) >= 0.5) << exact;
        } else if (!is_float(to)) {
          const int bits = int(8 * size_of(to)) - is_signed(to);
          const long double lo = is_signed(to) ? -std::ldexp(1.0L, bits) : 0,
                            hi = std::ldexp(1.0L, bits) - 1;
          const long double want = std::clamp(std::round(static_cast<long double>(exact)), lo, hi);
          EXPECT_EQ(got, static_cast<double>(want))
              << name_of(from) << " " << name_of(to) << " " << exact;
        } else if (to == DType::Float) {
          EXPECT_EQ(got, double(float(exact)));
        } else if (to == DType::Float16) {
          EXPECT_EQ(got, half_to_float(double_to_half(exact)));
        } else {
          EXPECT_EQ(got, exact);
        }
      }
    }
  }
  const uint64_t exact[] = {UINT64_MAX, 1ull << 63, (1ull << 53) + 1};
  int64_t clamped[3];
  cast_elements(DType::Uint64, reinterpret_cast<const std::byte*>(exact), DType::Int64,
                reinterpret_cast<std::byte*>(clamped), 3);
  EXPECT_EQ(clamped[0], INT64_MAX);
  EXPECT_EQ(clamped[1], INT64_MAX);
  EXPECT_EQ(clamped[2], (int64_t{1} << 53) + 1);
}

TEST(Arithmetic, OperatorsOfCppBuildTheGraph) {
  const Value x = constant(tensor<uint8_t>(DType::Uint8, {3}, "", {1, 2, 250}));
  const auto run = [](const Value& v) { return std::move(*Evaluator().run({v})).front(); };
  EXPECT_EQ(values<int32_t>(run(x + 10)), (std::vector<int32_t>{11, 12, 260}));
  EXPECT_EQ(values<float>(run(1 - x * 0.5)), (std::vector<float>{0.5, 0, -124}));
  EXPECT_EQ(values<uint8_t>(run((x > 1) & (x <= int64_t{2}))), (std::vector<uint8_t>{0, 1, 0}));
  EXPECT_EQ(values<uint8_t>(run(equal(x, 2))), (std::vector<uint8_t>{0, 1, 0}));
  EXPECT_EQ(values<uint8_t>(run(~x)), (std::vector<uint8_t>{254, 253, 5}));
  try {
    x + (int64_t{1} << 40);
    FAIL() << "an integer outside 32 bits became a constant";
  } catch (const Error& e) {
    EXPECT_EQ(e.kind(), ErrorKind::Overflow);
  }
}

TEST(Fill, GivesOneValueInAnyShape) {
  const ArgMap args{{"shape", std::vector<int64_t>{2, 700}}, {"dtype", int64_t(DType::Float16)}};
  const auto ones = run_op("ones", {}, args);
  ASSERT_TRUE(ones.ok());
  for (Half h : values<Half>((*ones)[0])) ASSERT_EQ(half_to_float(h), 1);
  DrawStream draws({4}, {});
  const Tensor image = random_tensor(DType::Uint8, {4, 5, 3}, "HWC", draws);
  const auto zeros = (*run_op("zeros_like", {image}))[0];
  EXPECT_EQ(zeros.dtype, DType::Uint8);
  EXPECT_EQ(zeros.layout.text(), "HWC");
  EXPECT_EQ(values<uint8_t>(zeros), std::vector<uint8_t>(60, 0));
  const Tensor colour = tensor<float>(DType::Float, {3}, "", {1, 2, 3});
  const auto full = (*run_op("full_like", {image, colour}))[0];
  EXPECT_EQ(full.dtype, DType::Float);
  for (int i = 0; i < 60; i++) EXPECT_EQ(full.as<float>()[i], i % 3 + 1);
  EXPECT_FALSE(run_op("full", {colour}, {{"shape", std::vector<int64_t>{4, 2}}}).ok());
}

}  // namespace
}  // namespace vg::test
