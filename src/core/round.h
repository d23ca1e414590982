// The one rounding of the library: from float or double to an element type, ties away from zero,
// then clamp.
#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>

#include "core/half.h"

namespace vg {

/// NaN gives 0 (true for bool, which is "not zero after rounding"); floats are converted as they
/// are.
template <class T, class F>
constexpr T round_to(F x) {
  static_assert(std::is_floating_point_v<F>);
  if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(x);
  } else if constexpr (std::is_same_v<T, Half>) {
    if constexpr (std::is_same_v<F, float>)
      return float_to_half(x);
    else
      return double_to_half(x);
  } else if constexpr (std::is_same_v<T, bool>) {
    return !(x > F(-0.5) && x < F(0.5));
  } else if constexpr (sizeof(T) <= 2) {
    // No branch, so that loops over pixels vectorise. The bounds are integers: clamping first is
    // the same. The fraction is exact, where x + 0.5 would not be (0.49999997f + 0.5f is 1).
    constexpr F lo = std::numeric_limits<T>::min(), hi = std::numeric_limits<T>::max();
    x = x == x ? x : F(0);
    x = x < lo ? lo : x;
    x = x > hi ? hi : x;
    const auto whole = static_cast<int32_t>(x);
    const F fraction = x - static_cast<F>(whole);
    return static_cast<T>(whole + (fraction >= F(0.5)) - (fraction <= F(-0.5)));
  } else {
    // 2^digits, the first number that does not fit, is exact in F where the maximum itself may not
    // be.
    constexpr F lo = static_cast<F>(std::numeric_limits<T>::min());
    constexpr F end = static_cast<F>(T{1} << (std::numeric_limits<T>::digits - 1)) * F(2);
    if (x != x) return 0;
    if (x >= end) return std::numeric_limits<T>::max();
    if (x <= lo) return std::numeric_limits<T>::min();
    const T whole = static_cast<T>(x);
    const F fraction = x - static_cast<F>(whole);
    if (fraction >= F(0.5)) return whole == std::numeric_limits<T>::max() ? whole : whole + 1;
    return fraction <= F(-0.5) ? whole - 1 : whole;
  }
}

}  // namespace vg
