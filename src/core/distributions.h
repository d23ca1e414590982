// Normal and Poisson numbers from 32 random bits, in + - * / sqrt of a fixed order: the same on
// every target. One number in, one out, and monotonic, so noise has no state and no rejection.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "core/lane.h"

namespace vg {

/// Natural logarithm of a normal positive float, within 2 ulp of the larger of it and 1.
VG_FN float log_positive(float x) {
  const uint32_t bits = std::bit_cast<uint32_t>(x) - 0x3F3504F3u;  // mantissa from sqrt(1/2) on
  const auto exponent = static_cast<int32_t>(bits) >> 23;
  const float m = std::bit_cast<float>((bits & 0x007FFFFFu) + 0x3F3504F3u);
  const float s = (m - 1.0f) / (m + 1.0f), z = s * s;
  const float series = 1.0f + z * (1.0f / 3 + z * (1.0f / 5 + z * (1.0f / 7 + z * (1.0f / 9))));
  return 2.0f * s * series + static_cast<float>(exponent) * 0.693147180559945f;
}

/// The standard normal quantile of (u + 1/2) / 2^32: mean 0, deviation 1, at most 6.34.
/// Wichura, "Algorithm AS 241: The Percentage Points of the Normal Distribution" (1988), PPND7.
VG_FN float normal_from(uint32_t u) {
  const float q = (static_cast<float>(static_cast<int32_t>(u ^ 0x80000000u)) + 0.5f) * 0x1p-32f;
  if (q <= 0.425f && q >= -0.425f) {
    const float r = 0.180625f - q * q;
    return q * (((59.109374720f * r + 159.29113202f) * r + 50.434271938f) * r + 3.3871327179f) /
           (((67.187563600f * r + 78.757757664f) * r + 17.895169469f) * r + 1.0f);
  }
  // Twice the distance to the nearer end, in units of 2^-33: an odd integer.
  const uint32_t tail = 2 * (u < 0x80000000u ? u : ~u) + 1;
  const float logarithm = 33 * 0.693147180559945f - log_positive(static_cast<float>(tail));
  const float r = std::sqrt(logarithm) - 1.6f;
  const float z = (((0.17023821103f * r + 1.3067284816f) * r + 2.7568153900f) * r + 1.4234372777f) /
                  ((0.12021132975f * r + 0.73700164250f) * r + 1.0f);
  return q < 0 ? -z : z;
}

/// exp(-x) for x in [0, 10).
VG_FN double exp_minus(double x) {
  constexpr double kWhole[10]  // not static: device code reads no variables of the host
      = {1.0,
         0.36787944117144232160,
         0.13533528323661269189,
         0.04978706836786394298,
         0.01831563888873418029,
         0.00673794699908546710,
         0.00247875217666635842,
         0.00091188196555451621,
         0.00033546262790251184,
         0.00012340980408667955};
  const int whole = static_cast<int>(x);
  const double quarter = (x - whole) * 0.25;
  double sum = 1;
  for (int k = 10; k >= 1; k--) sum = 1 - quarter * (1.0 / k) * sum;
  sum = sum * sum;
  return kWhole[whole] * (sum * sum);
}

/// The Poisson quantile of (u + 1/2) / 2^32; 0 unless `mean` is positive.
/// Small means are inverted step by step. From 10 on it is the normal expansion of Giles,
/// "Approximation of the Inverse Poisson Cumulative Distribution Function" (2016): the number
/// differs from the exact one with a probability below 1e-3.
VG_FN float poisson_from(uint32_t u, float mean) {
  if (!(mean > 0)) return 0;
  if (mean < 10.0f) {
    const double target = (static_cast<double>(u) + 0.5) * 0x1p-32;
    double term = exp_minus(mean), sum = term;
    int k = 0;
    while (target > sum && k < 63) {
      k++;
      term = term * (mean * (1.0 / k));
      sum = sum + term;
    }
    return static_cast<float>(k);
  }
  const float w = normal_from(u), root = std::sqrt(mean), w2 = w * w;
  const float x = mean + root * w + (1.0f / 3 + w2 * (1.0f / 6)) -
                  (w * (1.0f / 36) + w2 * w * (1.0f / 72)) / root +
                  (w2 * w2 * (1.0f / 270) + w2 * (7.0f / 810) - 8.0f / 405) / mean;
  return max(std::floor(x), 0.0f);
}

}  // namespace vg
