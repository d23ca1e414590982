// Elements of any type to floats and back, a tile at a time.
#pragma once

#include "core/outcome.h"
#include "cpu/target.h"
#include "variegate/tensor.h"

namespace vg::cpu {

/// round_to<uint8_t> in few instructions. What is added is the float before 0.5: 0.5 itself would
/// carry its predecessor to 1.
VG_INLINE int32_t whole_byte(float x) {
  x = x > 0 ? x : 0;  // NaN as well
  x = x < 255 ? x : 255;
  return static_cast<int32_t>(x + 0x1.fffffep-2f);
}
VG_INLINE uint8_t round_byte(float x) { return static_cast<uint8_t>(whole_byte(x)); }

/// `n` elements as floats.
void load_tile(DType dtype, const std::byte* from, float* to, int64_t n);
/// Rounds floats as a store to `dtype` would (ties away from zero, clamp), and leaves them floats.
void round_tile(DType dtype, float* values, int64_t n);
/// Stores floats that `round_tile` has prepared.
void store_tile(DType dtype, const float* from, std::byte* to, int64_t n);

}  // namespace vg::cpu
