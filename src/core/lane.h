// The small vocabulary in which operators are written, for a lane that is one float.
// SIMD drivers give the same words for vectors; a GPU compiles these.
#pragma once

#include <cmath>
#include <cstdint>

#if defined(__CUDACC__)
#define VG_FN __host__ __device__ inline
#else
#define VG_FN inline
#endif

namespace vg {

VG_FN float min(float a, float b) { return b < a ? b : a; }
VG_FN float max(float a, float b) { return a < b ? b : a; }
VG_FN float select(bool condition, float a, float b) { return condition ? a : b; }
/// Bits of a lane that holds a whole number in 0..2^24.
VG_FN float bits_and(float a, uint32_t mask) {
  return static_cast<float>(static_cast<uint32_t>(a) & mask);
}
/// Nearest whole number, ties away from zero. Exact for all floats: |x| >= 2^23 is whole already,
/// and below it x - trunc(x) is exact.
VG_FN float round_away(float x) {
  const float whole = std::trunc(x);
  const float rest = x - whole;
  return whole + select(rest >= 0.5f, 1.0f, select(rest <= -0.5f, -1.0f, 0.0f));
}
/// Nearest whole number, ties to even: the addition rounds, since its last place is 1.
VG_FN float round_even(float x) {
  const float big = x < 0 ? -0x1p23f : 0x1p23f;
  return x > -0x1p23f && x < 0x1p23f ? (x + big) - big : x;
}

/// Three lanes: a pixel.
template <class L>
struct Rgb {
  L r, g, b;
};

}  // namespace vg
