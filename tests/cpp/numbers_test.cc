// Philox against its published vectors; rounding, float16 and the elementary functions against
// exact answers.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "core/half.h"
#include "core/math.h"
#include "core/philox.h"
#include "core/round.h"

namespace vg {
namespace {

using Counter = std::array<uint32_t, 4>;
using Key = std::array<uint32_t, 2>;

static_assert(philox4x32({}, {}) == PhiloxBlock{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});

TEST(Philox, KnownAnswers) {
  EXPECT_EQ(philox4x32(Counter{~0u, ~0u, ~0u, ~0u}, Key{~0u, ~0u}),
            (PhiloxBlock{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32(Counter{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                       Key{0xa4093822, 0x299f31d0}),
            (PhiloxBlock{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, StreamReadsTheBlocksInOrder) {
  const DrawKey key{hash64(7, "uniform")};
  const SampleKey sample{0x123456789ABCDEF0, 3};
  DrawStream stream(key, sample);
  for (uint32_t index = 0; index < 3; index++)
    for (uint32_t u : key.block(index, sample)) EXPECT_EQ(stream.next_u32(), u);
}

TEST(Philox, UniformStaysBelowOne) {
  EXPECT_EQ(uniform01(0u), 0);
  EXPECT_LT(uniform01(~0u), 1);
  EXPECT_LT(uniform01(~0u, ~0u), 1);
  EXPECT_EQ(uniform01(0x80000000u, 0u), 0.5);
  EXPECT_EQ(uniform_below(~0u, 10), 9u);
  double sum = 0;
  DrawStream stream({1}, {});
  for (int i = 0; i < 100000; i++) sum += stream();
  EXPECT_NEAR(sum / 100000, 0.5, 0.004);
}

TEST(Hash, SeparatesNearArguments) {
  std::set<uint64_t> seen;
  for (uint64_t a = 0; a < 64; a++)
    for (uint64_t b = 0; b < 64; b++) seen.insert(hash64(a, b));
  for (const char* text : {"", "a", "b", "ab", "ba"}) seen.insert(hash64(1000, text));
  EXPECT_EQ(seen.size(), 64u * 64 + 5);
}

template <class T, class F>
void check_rounding() {
  const F lo = static_cast<F>(std::numeric_limits<T>::min()),
          hi = static_cast<F>(std::numeric_limits<T>::max());
  for (F x : {F(0), F(0.49999997), F(0.5), F(1.5), F(2.5), F(100.49), F(254.5), F(8388609), F(1e9),
              F(3e9), F(1e30), lo, hi}) {
    for (F v : {x, -x, std::nextafter(x, F(0)), std::nextafter(x, F(1e38))}) {
      // std::round has ties away from zero; long double holds every integer of 64 bits.
      const auto want = std::round(static_cast<long double>(v));
      const T clamped = want <= std::numeric_limits<T>::min()   ? std::numeric_limits<T>::min()
                        : want >= std::numeric_limits<T>::max() ? std::numeric_limits<T>::max()
                                                                : static_cast<T>(want);
      EXPECT_EQ(round_to<T>(v), clamped) << v;
    }
  }
  EXPECT_EQ(round_to<T>(std::numeric_limits<F>::quiet_NaN()), T{0});
  EXPECT_EQ(round_to<T>(std::numeric_limits<F>::infinity()), std::numeric_limits<T>::max());
  EXPECT_EQ(round_to<T>(-std::numeric_limits<F>::infinity()), std::numeric_limits<T>::min());
}

template <class F>
void check_rounding_of() {
  check_rounding<uint8_t, F>();
  check_rounding<int8_t, F>();
  check_rounding<uint16_t, F>();
  check_rounding<int16_t, F>();
  check_rounding<uint32_t, F>();
  check_rounding<int32_t, F>();
  check_rounding<uint64_t, F>();
  check_rounding<int64_t, F>();
}

TEST(Round, TiesAwayFromZeroThenClamp) {
  check_rounding_of<float>();
  check_rounding_of<double>();
  EXPECT_FALSE(round_to<bool>(0.4f));
  EXPECT_TRUE(round_to<bool>(-0.5f));
  EXPECT_TRUE(round_to<bool>(std::nanf("")));
}

TEST(Half, EveryValueAndEveryMidpoint) {
  const auto value = [](int bits) { return half_to_float({static_cast<uint16_t>(bits)}); };
  EXPECT_EQ(value(0x3C00), 1.0f);
  EXPECT_EQ(value(0x0001), 0x1p-24f);
  EXPECT_EQ(value(0x7BFF), 65504.0f);
  EXPECT_EQ(value(0x7C00), std::numeric_limits<float>::infinity());
  for (int bits = 0; bits < 0x7C00; bits++) {
    const Half a{static_cast<uint16_t>(bits)}, b{static_cast<uint16_t>(bits + 1)};
    const Half even = bits % 2 == 0 ? a : b;
    const float low = value(bits), high = bits == 0x7BFF ? 65536.0f : value(bits + 1);
    const float middle = (low + high) / 2;
    ASSERT_EQ(float_to_half(low), a);
    ASSERT_EQ(float_to_half(middle), even);
    ASSERT_EQ(float_to_half(std::nextafter(middle, 0.0f)), a);
    ASSERT_EQ(float_to_half(std::nextafter(middle, 1e9f)), b);
    ASSERT_EQ(float_to_half(-middle).bits, even.bits | 0x8000);
    ASSERT_EQ(double_to_half(middle), even);
    ASSERT_EQ(double_to_half(std::nextafter(double{middle}, 0.0)), a);
    ASSERT_EQ(double_to_half(std::nextafter(double{middle}, 1e9)), b);
    ASSERT_EQ(double_to_half(-std::nextafter(double{middle}, 1e9)).bits, b.bits | 0x8000);
  }
  EXPECT_EQ(float_to_half(1e30f).bits, 0x7C00);
  EXPECT_TRUE(std::isnan(half_to_float(float_to_half(std::nanf("")))));
  EXPECT_TRUE(std::isnan(half_to_float({0x7C01})));
}

// The distance in units of the last place of the exact result.
double ulps(double got, long double want) {
  const double nearest = static_cast<double>(want);
  if (std::isnan(nearest)) return std::isnan(got) ? 0 : 1e9;
  if (std::isinf(nearest) || nearest == 0) return got == nearest ? 0 : 1e9;
  const double place = std::nextafter(std::fabs(nearest), 1e308) - std::fabs(nearest);
  return static_cast<double>(std::fabs(static_cast<long double>(got) - want) / place);
}

TEST(Math, CloseToTheExactResult) {
  DrawStream u({42}, {});
  double worst_exp = 0, worst_log = 0, worst_sin = 0, worst_cos = 0, worst_tan = 0,
         worst_degrees = 0;
  for (int i = 0; i < 300000; i++) {
    const double x = (u() - 0.5) * (i % 3 == 0 ? 1400 : i % 3 == 1 ? 20 : 1);
    worst_exp = std::max(worst_exp, ulps(math::exp(x), std::exp(static_cast<long double>(x))));
    const double y = i % 3 == 0 ? std::ldexp(u() + 1e-9, i % 2000 - 1000) : 2 * u() + 1e-300;
    worst_log = std::max(worst_log, ulps(math::log(y), std::log(static_cast<long double>(y))));
    const double a = (u() - 0.5) * (i % 3 == 0 ? 2e6 : i % 3 == 1 ? 20 : 1);
    worst_sin = std::max(worst_sin, ulps(math::sin(a), std::sin(static_cast<long double>(a))));
    worst_cos = std::max(worst_cos, ulps(math::cos(a), std::cos(static_cast<long double>(a))));
    worst_tan = std::max(worst_tan, ulps(math::tan(a), std::tan(static_cast<long double>(a))));
    const double d = (u() - 0.5) * 90;
    const long double radians = d * 3.14159265358979323846264338328L / 180;
    worst_degrees = std::max({worst_degrees, ulps(math::sin_degrees(d), std::sin(radians)),
                              ulps(math::cos_degrees(d), std::cos(radians))});
  }
  EXPECT_LT(worst_exp, 1);
  EXPECT_LT(worst_log, 1.5);
  EXPECT_LT(worst_sin, 1);
  EXPECT_LT(worst_cos, 1);
  EXPECT_LT(worst_tan, 2.5);
  EXPECT_LT(worst_degrees, 1.5);
}

TEST(Math, SpecialValues) {
  const double inf = std::numeric_limits<double>::infinity();
  EXPECT_EQ(math::exp(0), 1);
  EXPECT_EQ(math::exp(800), inf);
  EXPECT_EQ(math::exp(-800), 0);
  EXPECT_EQ(math::exp(-745), std::exp(-745.0));
  EXPECT_EQ(math::log(1), 0);
  EXPECT_EQ(math::log(0), -inf);
  EXPECT_EQ(math::log(inf), inf);
  EXPECT_TRUE(std::isnan(math::log(-1)));
  EXPECT_TRUE(std::isnan(math::exp(std::nan(""))));
  EXPECT_EQ(math::sin(0), 0);
  EXPECT_EQ(math::cos(0), 1);
  EXPECT_TRUE(std::isnan(math::sin(inf)));
  EXPECT_TRUE(std::isnan(math::cos_degrees(inf)));
  EXPECT_LE(std::fabs(math::sin(1e300)), 1);
  const double sines[] = {0, 1, 0, -1};
  for (int quarter = -9; quarter <= 9; quarter++) {
    EXPECT_EQ(math::sin_degrees(90.0 * quarter), sines[quarter & 3]);
    EXPECT_EQ(math::cos_degrees(90.0 * quarter), sines[(quarter + 1) & 3]);
  }
}

}  // namespace
}  // namespace vg
