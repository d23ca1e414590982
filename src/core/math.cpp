// Elementary functions by argument reduction and Taylor series, long enough for a remainder below
// 2^-58.
#include "core/math.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace vg::math {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
// ln 2 and pi / 2 in parts whose last bits are zero, so that a product with a small integer is
// exact.
constexpr double kLn2High = 0x1.62e42fefa3800p-1, kLn2Low = 0x1.ef35793c76730p-45;
constexpr double kHalfPi1 = 0x1.921fb54400000p+0, kHalfPi2 = 0x1.0b4611a600000p-34,
                 kHalfPi3 = 0x1.3198a2e037073p-69;

double power_of_two(int k) { return std::bit_cast<double>(static_cast<uint64_t>(k + 1023) << 52); }

// sum of c[i] x^i
template <int N>
double polynomial(const double (&c)[N], double x) {
  double sum = c[N - 1];
  for (int i = N - 2; i >= 0; i--) sum = sum * x + c[i];
  return sum;
}

// 1 / n!, from `first` on in steps of `step`, with alternating signs if asked.
template <int N>
struct Factorials {
  double c[N];
  constexpr Factorials(int first, int step, bool alternate) : c{} {
    double factorial = 1;
    for (int n = 2, i = 0; i < N; n++) {
      factorial *= n;
      if (n < first || (n - first) % step != 0) continue;
      c[i] = (alternate && i % 2 == 1 ? -1 : 1) / factorial;
      i++;
    }
  }
};
constexpr Factorials<13> kExp(2, 1, false);  // r^2 .. r^14
constexpr Factorials<8> kSin(3, 2, true);    // r^3 .. r^17
constexpr Factorials<8> kCos(4, 2, true);    // r^4 .. r^18

// |high| <= pi / 4; `low` is what did not fit into `high`.
struct Reduced {
  double high, low;
  int quadrant;
};

double sine(const Reduced& r) {
  const double z = r.high * r.high;
  return r.high + (r.low * (1 - 0.5 * z) - r.high * z * polynomial(kSin.c, z));
}

double cosine(const Reduced& r) {
  const double z = r.high * r.high, half = 0.5 * z, head = 1 - half;
  // (1 - head) - half is the rounding error of `head`.
  return head + (((1 - head) - half) + (z * z * polynomial(kCos.c, z) - r.high * r.low));
}

Reduced reduce(double x) {
  if (!std::isfinite(x)) return {kNaN, kNaN, 0};
  if (!(std::fabs(x) < 0x1p20)) x = std::remainder(x, 4 * 0x1.921fb54442d18p+0);
  const double n = std::nearbyint(x * 0x1.45f306dc9c883p-1);
  const double a = x - n * kHalfPi1, b = n * kHalfPi2;  // both exact
  double high = a - b;
  const double back = high - a;
  double low = (a - (high - back)) - (b + back);
  low -= n * kHalfPi3;
  const double sum = high + low;
  low = low - (sum - high);
  high = sum;
  return {high, low, static_cast<int>(static_cast<int64_t>(n) & 3)};
}

double sine_in(const Reduced& r, int quadrant) {
  const double v = quadrant & 1 ? cosine(r) : sine(r);
  return quadrant & 2 ? -v : v;
}

double degrees(double x, int quarter) {
  if (!std::isfinite(x)) return kNaN;
  const double turn = std::remainder(x, 360.0);  // exact, as is what follows
  const double n = std::nearbyint(turn / 90);
  const double rest = turn - 90 * n;
  constexpr double kHigh = 0x1.1df46a2529d39p-6, kLow = 0x1.5c1d8becdd291p-62;  // pi / 180
  const int quadrant = (static_cast<int>(n) + quarter) & 3;
  if (rest == 0) return quadrant & 1 ? (quadrant & 2 ? -1.0 : 1.0) : 0.0;
  return sine_in({rest * kHigh, rest * kLow, 0}, quadrant);
}

}  // namespace

double exp(double x) {
  if (x != x) return x;
  if (x > 709.782712893384) return std::numeric_limits<double>::infinity();
  if (x < -745.1332191019412) return 0;
  const double k = std::nearbyint(x * 0x1.71547652b82fep+0);
  const double head = x - k * kLn2High, tail = k * kLn2Low;
  const double r = head - tail;
  const double low = (head - r) - tail;
  const double value = 1 + (r + (low + r * r * polynomial(kExp.c, r)));
  // Two steps: 2^k alone may be infinite or subnormal where the result is neither.
  const int first = static_cast<int>(k) / 2;
  return value * power_of_two(first) * power_of_two(static_cast<int>(k) - first);
}

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

double sin(double x) {
  const Reduced r = reduce(x);
  return sine_in(r, r.quadrant);
}

double cos(double x) {
  const Reduced r = reduce(x);
  return sine_in(r, (r.quadrant + 1) & 3);
}

double tan(double x) {
  const Reduced r = reduce(x);
  const double s = sine(r), c = cosine(r);
  return r.quadrant & 1 ? -c / s : s / c;
}

double sin_degrees(double x) { return degrees(x, 0); }
double cos_degrees(double x) { return degrees(x, 1); }

}  // namespace vg::math
