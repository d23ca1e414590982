// Tiles of floats: the loops that every arithmetic driver begins and ends with.
#include "cpu/convert.h"

#include <limits>

#include "core/half.h"
#include "core/lane.h"
#include "core/round.h"
#include "cpu/target.h"

namespace vg::cpu {
namespace {

template <class T>
void load(const std::byte* from, float* to, int64_t n) {
  const T* p = reinterpret_cast<const T*>(from);
  on_target([=]() VG_LAMBDA_INLINE {
    for (int64_t i = 0; i < n; i++) to[i] = static_cast<float>(p[i]);
  });
}

// Bounds that an int holds are whole, so clamping first is the same, and then every baseline can
// cut off the fraction of four floats at once. 32 bits are rounded by round_to alone: 2^31 - 1 is
// no float.
void round_within(float low, float high, float* v, int64_t n) {
  on_target([=]() VG_LAMBDA_INLINE {
    for (int64_t i = 0; i < n; i++) {
      const float x = min(max(select(v[i] == v[i], v[i], 0.0f), low), high);
      const float whole = static_cast<float>(static_cast<int32_t>(x)), rest = x - whole;
      v[i] = whole + select(rest >= 0.5f, 1.0f, select(rest <= -0.5f, -1.0f, 0.0f));
    }
  });
}

void round_bytes(float* v, int64_t n) {
  on_target([=]() VG_LAMBDA_INLINE {
    for (int64_t i = 0; i < n; i++) v[i] = static_cast<float>(whole_byte(v[i]));
  });
}

template <class T>
void store(const float* from, std::byte* to, int64_t n) {
  T* p = reinterpret_cast<T*>(to);
  on_target([=]() VG_LAMBDA_INLINE {
    for (int64_t i = 0; i < n; i++) p[i] = static_cast<T>(from[i]);
  });
}

template <class T>
void store_rounded(const float* from, std::byte* to, int64_t n) {
  T* p = reinterpret_cast<T*>(to);
  for (int64_t i = 0; i < n; i++) p[i] = round_to<T>(from[i]);
}

}  // namespace

void load_tile(DType dtype, const std::byte* from, float* to, int64_t n) {
  switch (dtype) {
    case DType::Uint8:
    case DType::Bool:
      return load<uint8_t>(from, to, n);
    case DType::Uint16:
      return load<uint16_t>(from, to, n);
    case DType::Uint32:
      return load<uint32_t>(from, to, n);
    case DType::Uint64:
      return load<uint64_t>(from, to, n);
    case DType::Int8:
      return load<int8_t>(from, to, n);
    case DType::Int16:
      return load<int16_t>(from, to, n);
    case DType::Int32:
      return load<int32_t>(from, to, n);
    case DType::Int64:
      return load<int64_t>(from, to, n);
    case DType::Float:
      return load<float>(from, to, n);
    case DType::Float64:
      return load<double>(from, to, n);
    case DType::Float16: {
      const Half* p = reinterpret_cast<const Half*>(from);
      for (int64_t i = 0; i < n; i++) to[i] = half_to_float(p[i]);
      return;
    }
    case DType::None:
      return;
  }
}

void round_tile(DType dtype, float* v, int64_t n) {
  switch (dtype) {
    case DType::Uint8:
      return round_bytes(v, n);
    case DType::Int8:
      return round_within(-128, 127, v, n);
    case DType::Uint16:
      return round_within(0, 65535, v, n);
    case DType::Int16:
      return round_within(-32768, 32767, v, n);
    case DType::Bool:
      for (int64_t i = 0; i < n; i++) v[i] = round_away(v[i]) != 0 ? 1.0f : 0.0f;
      return;
    case DType::Float16:
      for (int64_t i = 0; i < n; i++) v[i] = half_to_float(float_to_half(v[i]));
      return;
    case DType::Float:
    case DType::Float64:
    case DType::None:
      return;
    default:
      for (int64_t i = 0; i < n; i++) v[i] = round_away(v[i]);
  }
}

void store_tile(DType dtype, const float* from, std::byte* to, int64_t n) {
  switch (dtype) {
    case DType::Uint8:
    case DType::Bool:
      return store<uint8_t>(from, to, n);
    case DType::Uint16:
      return store<uint16_t>(from, to, n);
    case DType::Int8:
      return store<int8_t>(from, to, n);
    case DType::Int16:
      return store<int16_t>(from, to, n);
    case DType::Uint32:
      return store_rounded<uint32_t>(from, to, n);
    case DType::Uint64:
      return store_rounded<uint64_t>(from, to, n);
    case DType::Int32:
      return store_rounded<int32_t>(from, to, n);
    case DType::Int64:
      return store_rounded<int64_t>(from, to, n);
    case DType::Float:
      return store<float>(from, to, n);
    case DType::Float64:
      return store<double>(from, to, n);
    case DType::Float16: {
      Half* p = reinterpret_cast<Half*>(to);
      for (int64_t i = 0; i < n; i++) p[i] = float_to_half(from[i]);
      return;
    }
    case DType::None:
      return;
  }
}

}  // namespace vg::cpu
