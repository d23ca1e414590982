// Elements of any type as floats, one at a time: what the tiles of arithmetic drivers are made of.
#pragma once

#include "core/cast.h"
#include "core/lane.h"

namespace vg {

/// A bool counts as the byte that it is.
template <class T>
VG_FN float float_from(Stored<T> x) {
  if constexpr (std::is_same_v<T, Half>)
    return half_to_float(x);
  else
    return static_cast<float>(x);
}

/// Rounds as a store to `dtype` would (ties away from zero, clamp), and leaves it a float.
VG_FN float rounded_as(DType dtype, float x) {
  switch (dtype) {
    case DType::Uint8:
      return static_cast<float>(round_to<uint8_t>(x));
    case DType::Int8:
      return static_cast<float>(round_to<int8_t>(x));
    case DType::Uint16:
      return static_cast<float>(round_to<uint16_t>(x));
    case DType::Int16:
      return static_cast<float>(round_to<int16_t>(x));
    case DType::Bool:
      return round_away(x) != 0 ? 1.0f : 0.0f;
    case DType::Float16:
      return half_to_float(float_to_half(x));
    case DType::Float:
    case DType::Float64:
    case DType::None:
      return x;
    default:  // 2^31 - 1 is no float: the store clamps
      return round_away(x);
  }
}

/// An element from a float that `rounded_as` has prepared.
template <class T>
VG_FN Stored<T> element_from(float x) {
  if constexpr (std::is_same_v<T, Half>)
    return float_to_half(x);
  else if constexpr (std::is_integral_v<T> && sizeof(T) >= 4)
    return round_to<T>(x);
  else
    return static_cast<Stored<T>>(x);
}

}  // namespace vg
