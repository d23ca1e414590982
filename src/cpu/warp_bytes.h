// Runs of bilinear pixels of bytes whose taps all lie inside of the input, as vectors.
#pragma once

#include "ops/warp.h"

namespace vg::cpu {

/// Makes pixels from `begin` on, for 3 or 4 channels, and says where it stopped (at most at `end`).
/// Only for frames of less than 2^31 bytes.
int64_t warp_bytes(const WarpParams& p, const uint8_t* in, int64_t y, int64_t begin, int64_t end,
                   uint8_t* row);

/// Pixels whose points are a pixel apart in one row of the input: all have the same weights.
inline bool is_shifted_row(const WarpSteps& steps) {
  return !steps.far && steps.dx.u == int64_t{1} << 32 && steps.dx.v == 0;
}

/// Such a run as bytes: out[i] is made of the bytes at i and i + channels of the upper and of the
/// lower row, for `n` bytes. Any number of channels.
void blend_rows(const uint8_t* upper, const uint8_t* lower, int channels,
                const Bilinear<uint8_t, uint8_t>& blend, int64_t n, uint8_t* out);

}  // namespace vg::cpu
