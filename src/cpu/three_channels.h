// Bytes of three channels, side by side in memory: as planes, as one channel in floats, in reverse.
#pragma once

#include "ops/view.h"

namespace vg::cpu {

/// `pixels` pixels as three planes, and back.
void split_channels(const uint8_t* in, int64_t pixels, uint8_t* const (&planes)[3]);
void join_channels(const uint8_t* const (&planes)[3], int64_t pixels, uint8_t* out);

/// Whether the functions below are faster than loops over pixels.
bool strides_are_fast();

/// to[i] = (from[i * step] - mean) * factor + shift for `n` pixels; `step` is 3 or -3. `from` is a
/// byte of the first pixel: whole pixels between the first and the last one may be read.
void normalize_channel(const uint8_t* from, int64_t step, const Affine& affine, float* to,
                       int64_t n);

/// Pixels of 3 bytes; the first one of the result is at `from`, the others lie before it.
void reverse_pixels(const uint8_t* from, uint8_t* to, int64_t n);

}  // namespace vg::cpu
