// One output of a resize: which inputs it reads, and with which weights. Evaluated in double, then
// brought to the number format of the mode. The host makes tables with it, a device as it goes.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <type_traits>

#include "core/lane.h"
#include "core/math_series.h"
#include "ops/resample_params.h"

namespace vg {

constexpr int kPillowBits = 22, kFixedBits = 14;

/// Nearest: the input index of an output, by exact integers (regions count in 1/65536 pixel).
VG_FN int32_t nearest_of(const ResampleAxis& axis, int64_t output) {
  // floor(lo + (2 i + 1) (hi - lo) / (2 out)) with lo and hi in those units: 128 bits hold any of
  // it.
  const auto units = [](double x) { return static_cast<int64_t>(std::floor(x * 65536 + 0.5)); };
  const __int128 lo = units(axis.lo), range = units(axis.hi) - units(axis.lo);
  const __int128 divisor = __int128{2} * 65536 * axis.out;
  const __int128 centre = lo * 2 * axis.out + (2 * output + 1) * range;
  const __int128 floor = centre / divisor - (centre % divisor < 0);
  const __int128 last = axis.in - 1;
  return static_cast<int32_t>(floor < 0 ? 0 : floor > last ? last : floor);
}

/// What all outputs of an axis share. Pillow cuts the filter where the image ends and lets the rest
/// sum to 1; the others repeat the outermost pixel, as DALI does. A region that leaves the image
/// (by more than the rounding of a size can cause) has it repeated by all.
struct TapRule {
  ResampleAxis axis;
  double lo, scale, support, narrow;
  bool cut;

  /// The inputs that an output reads, of all its outputs the most.
  VG_FN int64_t most_taps() const {
    if (axis.filter == Filter::Nearest) return 1;
    const double most = std::floor(2 * support) + 2, in = static_cast<double>(axis.in);
    return static_cast<int64_t>(most < in ? most : in);
  }
};

constexpr double support_of(Filter filter) {
  return filter == Filter::Cubic ? 2 : filter == Filter::Lanczos3 ? 3 : 1;
}

/// T is the format of the weights: int32_t is Pillow's, int16_t Fixed14's, float Float's.
template <class T>
TapRule tap_rule(const ResampleAxis& axis) {
  const double lo = std::min(axis.lo, axis.hi), hi = std::max(axis.lo, axis.hi);
  const double scale = (hi - lo) / static_cast<double>(axis.out);
  const double widen = axis.antialias ? std::max(scale, 1.0) : 1.0;
  // Rounding a size can make the region larger than the image by a quarter of an output pixel on
  // each side: that is still Pillow's case.
  const double room = 0.3 * scale;
  const bool cut =
      std::is_same_v<T, int32_t> && lo >= -room && hi <= static_cast<double>(axis.in) + room;
  return {axis, lo, scale, support_of(axis.filter) * widen, 1 / widen, cut};
}

/// What one output reads: inputs first ... first + count - 1. The filter covers [from, to), whose
/// ends may lie outside of the image.
struct Taps {
  double centre, from, to;
  int32_t first, count;
};

VG_FN int32_t inside(double j, int64_t in) {
  const double last = static_cast<double>(in - 1);
  return static_cast<int32_t>(j < 0 ? 0 : j > last ? last : j);
}

/// Of output `output`, counted from the axis' first, not from `begin`.
VG_FN Taps taps_of(const TapRule& rule, int64_t output) {
  const ResampleAxis& axis = rule.axis;
  if (axis.filter == Filter::Nearest) return {0, 0, 1, nearest_of(axis, output), 1};
  const int64_t unflipped = axis.lo > axis.hi ? axis.out - 1 - output : output;
  Taps taps;
  taps.centre = rule.lo + (static_cast<double>(unflipped) + 0.5) * rule.scale;
  taps.from = std::floor(taps.centre - rule.support + 0.5);
  taps.to = std::floor(taps.centre + rule.support + 0.5);
  if (rule.cut) {
    const double in = static_cast<double>(axis.in);
    taps.from = taps.from > 0 ? taps.from : 0;
    taps.to = taps.to < in ? taps.to : in;
  }
  taps.first = inside(taps.from, axis.in);
  taps.count = inside(taps.to - 1, axis.in) - taps.first + 1;
  return taps;
}

/// A filter's value at a distance from its centre.
template <Filter kFilter>
VG_FN double filter_at(double x) {
  constexpr double kPi = 3.14159265358979323846;
  const double a = std::fabs(x);
  if constexpr (kFilter == Filter::Cubic) {
    constexpr double k = -0.5;
    if (a < 1) return ((k + 2) * a - (k + 3)) * a * a + 1;
    return a < 2 ? (((a - 5) * a + 8) * a - 4) * k : 0;
  } else if constexpr (kFilter == Filter::Lanczos3) {
    const auto sinc = [](double y) { return y == 0 ? 1 : math::detail::sin(kPi * y) / (kPi * y); };
    return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
  } else if constexpr (kFilter == Filter::Gaussian) {
    return a < 1 ? math::detail::exp(-4 * a * a) : 0;  // sigma = 1 / (2 sqrt(2))
  } else {
    return a < 1 ? 1 - a : 0;
  }
}

// How weights, given in double, are stored. The integer formats give a constant image back as it
// was: Pillow's by rounding well, Fixed14's by what `settle` adds to the largest.
VG_FN void store_weight(double k, int32_t& to) {
  to = static_cast<int32_t>(k * (1 << kPillowBits) + (k < 0 ? -0.5 : 0.5));
}
VG_FN void store_weight(double k, int16_t& to) {
  to = static_cast<int16_t>(std::floor(k * (1 << kFixedBits) + 0.5));
}
VG_FN void store_weight(double k, float& to) { to = static_cast<float>(k); }

template <class T>
VG_FN void settle_weights(T* weight, int32_t count) {
  if constexpr (std::is_same_v<T, int16_t>) {
    int sum = 0, largest = 0;
    for (int j = 0; j < count; j++) {
      sum += weight[j];
      if (weight[j] > weight[largest]) largest = j;
    }
    weight[largest] = static_cast<int16_t>(weight[largest] + (1 << kFixedBits) - sum);
  }
}

template <Filter kFilter, class T>
VG_FN void write_taps(const TapRule& rule, const Taps& taps, T* weight) {
  const auto value = [&](double j) {
    return filter_at<kFilter>((j - taps.centre + 0.5) * rule.narrow);
  };
  double sum = 0;
  for (double j = taps.from; j < taps.to; j++) sum += value(j);
  const double factor = sum != 0 ? 1 / sum : 1;
  double j = taps.from;
  for (int32_t n = 0; n < taps.count; n++) {
    // The outermost pixels stand for all beyond them.
    const double last = n + 1 < taps.count ? static_cast<double>(taps.first + n) : taps.to - 1;
    double k = 0;
    for (; j <= last; j++) k += value(j);
    store_weight(k * factor, weight[n]);
  }
}

/// Writes the weights of `taps`, which sum to 1. Returns how many there are without those of zero
/// at the end; those at the start stay, so that `first` ascends with the outputs.
template <class T>
VG_FN int32_t write_weights(const TapRule& rule, const Taps& taps, T* weight) {
  switch (rule.axis.filter) {
    case Filter::Nearest:  // beside another filter
      store_weight(1, weight[0]);
      break;
    case Filter::Cubic:
      write_taps<Filter::Cubic>(rule, taps, weight);
      break;
    case Filter::Lanczos3:
      write_taps<Filter::Lanczos3>(rule, taps, weight);
      break;
    case Filter::Gaussian:
      write_taps<Filter::Gaussian>(rule, taps, weight);
      break;
    default:
      write_taps<Filter::Triangular>(rule, taps, weight);
  }
  settle_weights(weight, taps.count);
  int32_t count = taps.count;
  while (count > 1 && weight[count - 1] == T{}) count--;
  return count;
}

}  // namespace vg
