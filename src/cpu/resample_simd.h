// The passes of the integer modes as vectors: products of 16-bit pairs. The bytes are those of the
// plain loops: the sums are integers.
//
// Both passes are one loop, over elements that have their weights in common. Down, these are the
// elements of a row. Across, a block of rows is turned into columns first, a few outputs' worth at
// a time, and the columns that come out are turned back.
#pragma once

#include <cstdint>
#include <type_traits>

#include "ops/resample_weights.h"

namespace vg::cpu::simd {

/// Weights as pairs of 16 bits: AxisWeights' `parts` for Pillow's, else its `weight`.
template <class Weight>
struct Pairs {
  const int32_t *first, *count;
  const int16_t* pairs;
  int64_t step;

  explicit Pairs(const AxisWeights<Weight>& w)
      : first(w.first.data()), count(w.count.data()), step(w.stride) {
    if constexpr (std::is_same_v<Weight, int32_t>)
      pairs = w.parts.data(), step *= 2;
    else
      pairs = w.weight.data();
  }
  const int16_t* of(int64_t i) const { return pairs + i * step; }
};

/// A pass across some rows, at most `Kernels::rows` of them.
template <class Weight, class From, class To>
struct Across {
  Pairs<Weight> weights;
  int64_t outputs, channels;
  int64_t chunk;      ///< outputs that are made at once: `chunk_of(channels)`
  From* columns;      ///< room for `span` * channels * Kernels::rows
  To* made;           ///< room for chunk * channels * Kernels::rows
  const From** from;  ///< Kernels::rows pointers
  To** to;
  int64_t rows;
};

template <class Weight, class From, class To>
struct Passes {
  /// One output row of `n` elements from the rows of its taps. Says how many it made: all, or none
  /// if there are fewer than fill a vector.
  int64_t (*down)(const From* const* rows, const int16_t* pairs, int taps, int64_t n, To* to);
  void (*across)(const Across<Weight, From, To>& pass);
};

struct Kernels : Passes<int32_t, uint8_t, uint8_t>,
                 Passes<int16_t, uint8_t, uint8_t>,
                 Passes<int16_t, uint8_t, int16_t>,
                 Passes<int16_t, int16_t, uint8_t> {
  int64_t rows;  ///< that a pass across makes at once
};

/// Of the chosen target; null: none.
const Kernels* kernels();

/// 96 elements of a row: bytes of three and of four channels are whole blocks then.
constexpr int64_t chunk_of(int64_t channels) { return channels < 96 ? 96 / channels : 1; }

/// The most inputs that a chunk of outputs reads.
template <class Weight>
int64_t span_of(const Pairs<Weight>& weights, int64_t outputs, int64_t chunk);

extern template int64_t span_of(const Pairs<int32_t>&, int64_t, int64_t);
extern template int64_t span_of(const Pairs<int16_t>&, int64_t, int64_t);

}  // namespace vg::cpu::simd
