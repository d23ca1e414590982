// Rows of bytes with three channels: one channel as floats, and pixels in reverse.
#pragma once

#include "ops/view.h"

namespace vg::cpu {

/// Whether the functions below are faster than loops over pixels.
bool strides_are_fast();

/// to[i] = (from[i * step] - mean) * factor + shift for `n` pixels; `step` is 3 or -3. `from` is a
/// byte of the first pixel: whole pixels between the first and the last one may be read.
void normalize_channel(const uint8_t* from, int64_t step, const Affine& affine, float* to,
                       int64_t n);

/// Pixels of 3 bytes; the first one of the result is at `from`, the others lie before it.
void reverse_pixels(const uint8_t* from, uint8_t* to, int64_t n);

}  // namespace vg::cpu
