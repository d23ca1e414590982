// Elements of any type to floats and back, a tile at a time.
#pragma once

#include "core/outcome.h"
#include "variegate/tensor.h"

namespace vg::cpu {

/// `n` elements as floats.
void load_tile(DType dtype, const std::byte* from, float* to, int64_t n);
/// Rounds floats as a store to `dtype` would (ties away from zero, clamp), and leaves them floats.
void round_tile(DType dtype, float* values, int64_t n);
/// Stores floats that `round_tile` has prepared.
void store_tile(DType dtype, const float* from, std::byte* to, int64_t n);

}  // namespace vg::cpu
