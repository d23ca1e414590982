// The inner loops of the integer modes for processors with AVX2, chosen at run time. The bytes are
// those of the portable loops: the sums are integers.
#pragma once

#include <cstdint>

#include "ops/resample_weights.h"

namespace vg::cpu::simd {

/// Whether the functions below may be called.
bool available();

/// A run of outputs of a horizontal pass that may read and write past their pixels: see
/// `outputs_with_room`.
struct Run {
  int64_t begin, end;
};
/// The longest run of outputs whose reads (16 bytes per 4 taps; 8 bytes if there are only 2) stay
/// inside the row of `in` pixels, without the last one of the row: a store of 3 channels writes a
/// fourth.
template <class Weight>
Run outputs_with_room(const AxisWeights<Weight>& weights, int64_t n, int64_t in, int channels);

/// Rows of one horizontal pass that share their weights: 1 or 4 of them.
template <class From, class To>
struct Rows {
  const From* from[4];
  To* to[4];
  int count;
};

/// Horizontal passes for 3 or 4 channels, outputs [run.begin, run.end).
void horizontal(const Rows<uint8_t, uint8_t>& rows, const AxisWeights<int32_t>& weights, Run run,
                int channels);
void horizontal(const Rows<uint8_t, int16_t>& rows, const AxisWeights<int16_t>& weights, Run run,
                int channels);

/// Output i of a vertical pass; returns how many elements from `begin` on were done. `rows` has
/// room for one more.
int64_t vertical(const uint8_t** rows, const AxisWeights<int32_t>& weights, int64_t i,
                 int64_t begin, int64_t end, uint8_t* to);
int64_t vertical(const int16_t** rows, const AxisWeights<int16_t>& weights, int64_t i,
                 int64_t begin, int64_t end, uint8_t* to);

}  // namespace vg::cpu::simd
