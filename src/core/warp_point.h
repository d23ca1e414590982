// The arithmetic of one warped pixel: where it comes from, and what four neighbours make of it.
// Coordinates are integers in units of 2^-32 pixels, so that tiles, threads and devices agree.
#pragma once

#include <cmath>
#include <cstdint>
#include <type_traits>

#include "core/lane.h"
#include "core/round.h"

namespace vg {

/// A point of the input: u across, v down, in units of 2^-32 pixels.
struct WarpPoint {
  int64_t u, v;
};

/// The way from output to input: the point of pixel (x, y) is base + x * dx + y * dy, in
/// wrap-around arithmetic.
struct WarpSteps {
  WarpPoint base, dx, dy;
  double matrix[6];  ///< the same in pixels, for points too far away for 32 bits
  bool far;
};

constexpr double kWarpLimit = 1073741824.0;  // 2^30 pixels: well inside 32 bits
constexpr double kWarpUnit = 4294967296.0;

/// Units of 2^-32, ties up. NaN and what is far outside become a point that is outside of any
/// image.
VG_FN int64_t warp_units(double pixels) {
  if (!(pixels > -kWarpLimit)) return -(int64_t{1} << 62);
  if (!(pixels < kWarpLimit)) return int64_t{1} << 62;
  return static_cast<int64_t>(std::floor(pixels * kWarpUnit + 0.5));
}

/// Row `row` (0: u, 1: v) of the map at the centre of output pixel (x, y), in pixels.
VG_FN double warp_exact(const double* matrix, int row, double x, double y) {
  return matrix[3 * row] * x + matrix[3 * row + 1] * y + matrix[3 * row + 2];
}

/// `matrix` (2 x 3, corner coordinates, pixel centres at .5) maps output to input. `shift` is taken
/// off: 0 gives the point itself, 0.5 the distance from the first pixel's centre.
VG_FN WarpSteps warp_steps(const double* matrix, double shift, int64_t width, int64_t height) {
  WarpSteps s{};
  s.far = false;
  for (int i = 0; i < 6; i++) s.matrix[i] = matrix[i];
  s.matrix[2] += 0.5 * (matrix[0] + matrix[1]) - shift;
  s.matrix[5] += 0.5 * (matrix[3] + matrix[4]) - shift;
  for (int i = 0; i < 6; i++) s.far |= !(std::fabs(s.matrix[i]) < kWarpLimit);
  for (int corner = 0; corner < 4; corner++) {  // an affine map is largest in a corner
    const double x = corner & 1 ? static_cast<double>(width) : 0;
    const double y = corner & 2 ? static_cast<double>(height) : 0;
    for (int row = 0; row < 2; row++)
      s.far |= !(std::fabs(warp_exact(s.matrix, row, x, y)) < kWarpLimit);
  }
  s.dx = {warp_units(matrix[0]), warp_units(matrix[3])};
  s.dy = {warp_units(matrix[1]), warp_units(matrix[4])};
  s.base = {warp_units(s.matrix[2]), warp_units(s.matrix[5])};
  return s;
}

VG_FN WarpPoint warp_point(const WarpSteps& s, int64_t x, int64_t y) {
  if (s.far)
    return {warp_units(warp_exact(s.matrix, 0, static_cast<double>(x), static_cast<double>(y))),
            warp_units(warp_exact(s.matrix, 1, static_cast<double>(x), static_cast<double>(y)))};
  const auto ux = static_cast<uint64_t>(x), uy = static_cast<uint64_t>(y);
  return {
      static_cast<int64_t>(static_cast<uint64_t>(s.base.u) + ux * static_cast<uint64_t>(s.dx.u) +
                           uy * static_cast<uint64_t>(s.dy.u)),
      static_cast<int64_t>(static_cast<uint64_t>(s.base.v) + ux * static_cast<uint64_t>(s.dx.v) +
                           uy * static_cast<uint64_t>(s.dy.v))};
}

/// Bilinear interpolation at a point: made once per pixel, applied to every channel.
template <class In, class Out>
struct Bilinear {
  /// int32 needs a double: a float would change values of an image that stays where it is.
  using Value = std::conditional_t<std::is_same_v<In, int32_t>, double, float>;
  static constexpr double kShift = 0.5;
  Value fx, fy;

  VG_FN explicit Bilinear(WarpPoint p)
      : fx(static_cast<Value>(static_cast<uint32_t>(p.u) >> 8) * Value(0x1p-24)),
        fy(static_cast<Value>(static_cast<uint32_t>(p.v) >> 8) * Value(0x1p-24)) {}

  /// a b
  /// c d
  VG_FN Out operator()(Value a, Value b, Value c, Value d) const {
    const Value top = a + (b - a) * fx, bottom = c + (d - c) * fx;
    return round_to<Out>(top + (bottom - top) * fy);
  }
};

/// Bytes: whole weights that sum to 2^14, one rounding at the end (ties up). The products fit the
/// 16-bit multiply-add of CPUs and the two-way dot product of GPUs.
template <>
struct Bilinear<uint8_t, uint8_t> {
  using Value = int32_t;
  /// Points are rounded to 2^-14 pixels by cutting off: half a unit is added beforehand.
  static constexpr double kShift = 0.5 - 0x1p-15;
  int32_t wa, wb, wc, wd;

  VG_FN explicit Bilinear(WarpPoint p) {
    const auto fx = static_cast<int32_t>(static_cast<uint32_t>(p.u) >> 18);
    const auto fy = static_cast<int32_t>(static_cast<uint32_t>(p.v) >> 18);
    wd = (fx * fy + 8192) >> 14;
    wb = fx - wd;
    wc = fy - wd;
    wa = 16384 - fx - wc;
  }

  VG_FN uint8_t operator()(int32_t a, int32_t b, int32_t c, int32_t d) const {
    return static_cast<uint8_t>((a * wa + b * wb + c * wc + d * wd + 8192) >> 14);
  }
};

}  // namespace vg
