// What `math.h` promises, by the functions that devices compute as well, and what only the host
// needs.
#include "core/math.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/math_series.h"

namespace vg::math {
namespace {

using detail::Reduced, detail::kNaN, detail::kLn2High, detail::kLn2Low;

double degrees(double x, int quarter) {
  if (!std::isfinite(x)) return kNaN;
  const double turn = std::remainder(x, 360.0);  // exact, as is what follows
  const double n = std::nearbyint(turn / 90);
  const double rest = turn - 90 * n;
  constexpr double kHigh = 0x1.1df46a2529d39p-6, kLow = 0x1.5c1d8becdd291p-62;  // pi / 180
  const int quadrant = (static_cast<int>(n) + quarter) & 3;
  if (rest == 0) return quadrant & 1 ? (quadrant & 2 ? -1.0 : 1.0) : 0.0;
  return detail::sine_in({rest * kHigh, rest * kLow, 0}, quadrant);
}

}  // namespace

double exp(double x) { return detail::exp(x); }
double sin(double x) { return detail::sin(x); }

double log(double x) {
  if (!(x > 0)) return x == 0 ? -std::numeric_limits<double>::infinity() : kNaN;
  if (x > std::numeric_limits<double>::max()) return x;
  int k = 0;
  if (x < 0x1p-1022) {
    x *= 0x1p54;
    k = -54;
  }
  uint64_t bits = std::bit_cast<uint64_t>(x);
  // x = 2^k m with m in [sqrt(1/2), sqrt(2)).
  const uint64_t shifted = bits - 0x3FE6A09E667F3BCDull;
  const int exponent = static_cast<int>(static_cast<int64_t>(shifted) >> 52);
  k += exponent;
  const double f = std::bit_cast<double>(bits - (static_cast<uint64_t>(exponent) << 52)) - 1;
  // With s = f / (2 + f): log(1 + f) = 2 atanh(s) = 2 s + s R and 2 s = f - s f.
  const double s = f / (2 + f), z = s * s;
  double sum = 0;
  for (int n = 23; n >= 3; n -= 2) sum = sum * z + 2.0 / n;
  const double rest = s * (f - z * sum);
  return k * kLn2High + (f - (rest - k * kLn2Low));
}

double cos(double x) {
  const Reduced r = detail::reduce(x);
  return detail::sine_in(r, (r.quadrant + 1) & 3);
}

double tan(double x) {
  const Reduced r = detail::reduce(x);
  const double s = detail::sine(r), c = detail::cosine(r);
  return r.quadrant & 1 ? -c / s : s / c;
}

double sin_degrees(double x) { return degrees(x, 0); }
double cos_degrees(double x) { return degrees(x, 1); }

}  // namespace vg::math
