// What a separable resize of a region is told: plain numbers, the same for every device.
#pragma once

#include <cstdint>

namespace vg {

/// Numbered as DALI numbers them. Triangular is Linear under the name that it has with
/// antialiasing.
enum class Filter : uint8_t { Nearest, Linear, Cubic, Lanczos3, Triangular, Gaussian };

/// One axis. Output i of `out` has its centre at lo + (i + 0.5) (hi - lo) / out, in input pixels,
/// where pixel j covers [j, j + 1). lo > hi flips. Only the outputs [begin, begin + count) are
/// made, as a crop afterwards would.
struct ResampleAxis {
  double lo = 0, hi = 0;
  int64_t in = 0, out = 0;
  int64_t begin = 0, count = 0;
  Filter filter = Filter::Linear;
  bool antialias = true;

  bool operator==(const ResampleAxis&) const = default;
  /// Nothing to do: every output is the input of the same index.
  bool identity() const { return in == out && lo == 0 && hi == in && begin == 0 && count == out; }
};

/// An axis that maps the region [lo, hi) of `in` pixels to all of its `out` outputs.
constexpr ResampleAxis resample_axis(int64_t in, double lo, double hi, int64_t out, Filter filter,
                                     bool antialias) {
  return {lo, hi, in, out, 0, out, filter, antialias};
}

/// `antialias` must be the same for both axes; the filters may differ.
struct ResampleParams {
  ResampleAxis y, x;
};

}  // namespace vg
