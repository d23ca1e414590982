// The arithmetic of the resample modes: types of every stage, and how a sum becomes a pixel.
// Drivers of all devices compute with it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "core/half.h"
#include "core/lane.h"
#include "core/round.h"
#include "ops/resample_weights.h"

namespace vg {

VG_FN uint8_t clamp_to_byte(int32_t x) { return static_cast<uint8_t>(std::clamp(x, 0, 255)); }

// A mode names the types In, Mid (between the passes) and Out, the type of the weights and of a
// sum. `finish` ends a pass from `From` to `To`.
struct PillowArithmetic {
  using In = uint8_t;
  using Mid = uint8_t;
  using Out = uint8_t;
  using Weight = int32_t;
  using Sum = int32_t;
  template <class From, class To>
  VG_FN static To finish(Sum sum) {
    return clamp_to_byte((sum + (1 << (kPillowBits - 1))) >> kPillowBits);
  }
};

struct Fixed14Arithmetic {
  using In = uint8_t;
  using Mid = int16_t;
  using Out = uint8_t;
  using Weight = int16_t;
  using Sum = int32_t;
  template <class From, class To>
  VG_FN static To finish(Sum sum) {
    constexpr int from = sizeof(From) == 2 ? kMiddleBits : 0,
                  to = sizeof(To) == 2 ? kMiddleBits : 0;
    constexpr int shift = kFixedBits + from - to;
    const Sum rounded = (sum + (1 << (shift - 1))) >> shift;
    if constexpr (sizeof(To) == 2)
      return static_cast<To>(
          rounded);  // below 2^15: a filter's absolute weights sum to less than 1.7
    else
      return clamp_to_byte(rounded);
  }
};

template <class T, class O>
struct FloatArithmetic {
  using In = T;
  using Mid = float;
  using Out = O;
  using Weight = float;
  using Sum = float;
  template <class From, class To>
  VG_FN static To finish(Sum sum) {
    return round_to<To>(sum);
  }
};

/// A pixel's value as a term of a sum.
template <class Sum, class T>
VG_FN Sum term(T value) {
  if constexpr (std::is_same_v<T, Half>)
    return half_to_float(value);
  else
    return static_cast<Sum>(value);
}

/// Calls f with the arithmetic of the mode; false if there is none for these types.
template <class F>
bool with_arithmetic(DType in, DType out, const ResampleParams& params, F&& f) {
  const ResampleMode mode = resample_mode(params, in, out);
  if (mode == ResampleMode::Pillow) return f(PillowArithmetic{}), true;
  if (mode == ResampleMode::Fixed14) return f(Fixed14Arithmetic{}), true;
  const auto with = [&]<class T>(T, DType dtype) {
    if (in != dtype || (out != dtype && out != DType::Float)) return false;
    out == DType::Float ? f(FloatArithmetic<T, float>{}) : f(FloatArithmetic<T, T>{});
    return true;
  };
  return with(uint8_t{}, DType::Uint8) || with(int8_t{}, DType::Int8) ||
         with(uint16_t{}, DType::Uint16) || with(int16_t{}, DType::Int16) ||
         with(uint32_t{}, DType::Uint32) || with(int32_t{}, DType::Int32) ||
         with(Half{}, DType::Float16) || with(float{}, DType::Float);
}

/// No arithmetic at all: pixels are picked and keep their type.
inline bool is_gather(const ResampleParams& params, DType in, DType out) {
  const auto picks = [](const ResampleAxis& axis) {
    return axis.filter == Filter::Nearest || axis.identity();
  };
  return in == out && picks(params.y) && picks(params.x);
}

}  // namespace vg
