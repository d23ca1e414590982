// The elementary functions that devices compute as well, by argument reduction and Taylor series,
// long enough for a remainder below 2^-58. `math.h` says what they promise.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/lane.h"

namespace vg::math::detail {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
// ln 2 and pi / 2 in parts whose last bits are zero, so that a product with a small integer is
// exact.
constexpr double kLn2High = 0x1.62e42fefa3800p-1, kLn2Low = 0x1.ef35793c76730p-45;
constexpr double kHalfPi1 = 0x1.921fb54400000p+0, kHalfPi2 = 0x1.0b4611a600000p-34,
                 kHalfPi3 = 0x1.3198a2e037073p-69;

VG_FN double power_of_two(int k) {
  return std::bit_cast<double>(static_cast<uint64_t>(k + 1023) << 52);
}

/// 1 / n!, from `first` on in steps of `step`, with alternating signs if asked.
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
  /// The sum of c[i] x^i.
  constexpr double at(double x) const {
    double sum = c[N - 1];
    for (int i = N - 2; i >= 0; i--) sum = sum * x + c[i];
    return sum;
  }
};

/// |high| <= pi / 4; `low` is what did not fit into `high`.
struct Reduced {
  double high, low;
  int quadrant;
};

VG_FN double sine(const Reduced& r) {
  constexpr Factorials<8> series(3, 2, true);  // r^3 .. r^17
  const double z = r.high * r.high;
  return r.high + (r.low * (1 - 0.5 * z) - r.high * z * series.at(z));
}

VG_FN double cosine(const Reduced& r) {
  constexpr Factorials<8> series(4, 2, true);  // r^4 .. r^18
  const double z = r.high * r.high, half = 0.5 * z, head = 1 - half;
  // (1 - head) - half is the rounding error of `head`.
  return head + (((1 - head) - half) + (z * z * series.at(z) - r.high * r.low));
}

VG_FN Reduced reduce(double x) {
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

VG_FN double sine_in(const Reduced& r, int quadrant) {
  const double v = quadrant & 1 ? cosine(r) : sine(r);
  return quadrant & 2 ? -v : v;
}

VG_FN double sin(double x) {
  const Reduced r = reduce(x);
  return sine_in(r, r.quadrant);
}

VG_FN double exp(double x) {
  constexpr Factorials<13> series(2, 1, false);  // r^2 .. r^14
  if (x != x) return x;
  if (x > 709.782712893384) return std::numeric_limits<double>::infinity();
  if (x < -745.1332191019412) return 0;
  const double k = std::nearbyint(x * 0x1.71547652b82fep+0);
  const double head = x - k * kLn2High, tail = k * kLn2Low;
  const double r = head - tail;
  const double low = (head - r) - tail;
  const double value = 1 + (r + (low + r * r * series.at(r)));
  // Two steps: 2^k alone may be infinite or subnormal where the result is neither.
  const int first = static_cast<int>(k) / 2;
  return value * power_of_two(first) * power_of_two(static_cast<int>(k) - first);
}

}  // namespace vg::math::detail
