// Element types as C++ types, and the one conversion between any two of them.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include "core/round.h"
#include "variegate/tensor.h"

namespace vg {

/// How an element lies in memory: a bool is a byte, and any byte but zero is true.
template <class T>
using Stored = std::conditional_t<std::is_same_v<T, bool>, uint8_t, T>;

/// Calls `f(std::type_identity<T>())` with the C++ type of `dtype`, which is not None.
template <class F>
constexpr auto with_type(DType dtype, F&& f) {
  switch (dtype) {
    case DType::Uint16:
      return f(std::type_identity<uint16_t>());
    case DType::Uint32:
      return f(std::type_identity<uint32_t>());
    case DType::Uint64:
      return f(std::type_identity<uint64_t>());
    case DType::Int8:
      return f(std::type_identity<int8_t>());
    case DType::Int16:
      return f(std::type_identity<int16_t>());
    case DType::Int32:
      return f(std::type_identity<int32_t>());
    case DType::Int64:
      return f(std::type_identity<int64_t>());
    case DType::Float16:
      return f(std::type_identity<Half>());
    case DType::Float:
      return f(std::type_identity<float>());
    case DType::Float64:
      return f(std::type_identity<double>());
    case DType::Bool:
      return f(std::type_identity<bool>());
    default:
      return f(std::type_identity<uint8_t>());
  }
}

/// Floats round (ties away from zero) and clamp; integers clamp; a bool is "not zero", of a float
/// after rounding; beyond its range float16 is infinite.
template <class To, class From>
constexpr To cast_to(From x) {
  if constexpr (std::is_same_v<To, From>) {
    return x;
  } else if constexpr (std::is_same_v<From, Half>) {
    return cast_to<To>(half_to_float(x));
  } else if constexpr (std::is_floating_point_v<From>) {
    return round_to<To>(x);
  } else if constexpr (std::is_same_v<To, bool>) {
    return x != 0;
  } else if constexpr (std::is_same_v<From, bool>) {
    return cast_to<To>(static_cast<uint8_t>(x));
  } else if constexpr (std::is_same_v<To, Half>) {
    return double_to_half(static_cast<double>(x));  // what a double rounds is infinite as a half
  } else if constexpr (std::is_floating_point_v<To>) {
    return static_cast<To>(x);
  } else {
    constexpr To lo = std::numeric_limits<To>::min(), hi = std::numeric_limits<To>::max();
    return std::cmp_less(x, lo) ? lo : std::cmp_greater(x, hi) ? hi : static_cast<To>(x);
  }
}

/// Converts `n` elements; the two ranges do not overlap.
void cast_elements(DType from, const std::byte* in, DType to, std::byte* out, int64_t n);

/// The number `x` as an element of `dtype` at `out`.
void store_number(double x, DType dtype, std::byte* out);

}  // namespace vg
