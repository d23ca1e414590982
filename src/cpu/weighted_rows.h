// Sums of weighted rows of floats: what windows and separable filters come down to.
#pragma once

#include <cstdint>
#include <span>

namespace vg::cpu {

/// out[i] = sum of weights[t] * rows[t][i], taps in order. `out` is none of the rows.
void weighted_sum(std::span<const float* const> rows, std::span<const float> weights, int64_t n,
                  float* out);

/// The same rounded to bytes: ties to even, or away from zero.
void weighted_bytes(std::span<const float* const> rows, std::span<const float> weights,
                    bool halves_to_even, int64_t n, uint8_t* out);

}  // namespace vg::cpu
