// Filter weights of one axis, in the three number formats that the resample family computes in.
#pragma once

#include <cstdint>
#include <vector>

#include "ops/resample_taps.h"
#include "variegate/tensor.h"

namespace vg {

/// How pixels are computed: part of the definition of the result, not a choice of a driver.
enum class ResampleMode : uint8_t {
  Pillow,   ///< uint8 with antialias: Pillow's bytes, 22-bit weights, rounded to uint8 between the
            ///< passes
  Fixed14,  ///< uint8 without antialias: 14-bit weights, 6 more bits between the passes
  Float,    ///< all else, and Gaussian: float32 weights and sums, the taps in ascending order
};

ResampleMode resample_mode(const ResampleParams& params, DType in, DType out);

constexpr int kMiddleBits = 6, kLowBits = 15;

/// For output i (counted from the axis' `begin`): inputs first[i] ... first[i] + count[i] - 1, all
/// inside the input, with the weights at i * stride, zero from count[i] to the stride. The stride
/// is a multiple of 4, or 2 for 16 bits.
template <class T>
struct AxisWeights {
  std::vector<int32_t> first, count;
  std::vector<T> weight;
  int stride = 0;
  /// Pillow's weights as high * 2^15 + low, 0 <= low < 2^15: four low parts, four high ones, and so
  /// on.
  std::vector<int16_t> parts;
  std::vector<T> packed;  ///< while the table is made: without gaps

  /// `first` never descends (with lo > hi: never ascends), `first + count` may.
  const T* of(int64_t i) const { return weight.data() + i * stride; }
};

/// Fills `weights`, reusing its memory: `taps_of` and `write_weights` of all outputs.
template <class T>
void make_weights(const ResampleAxis& axis, AxisWeights<T>& weights);

extern template void make_weights<int32_t>(const ResampleAxis&, AxisWeights<int32_t>&);
extern template void make_weights<int16_t>(const ResampleAxis&, AxisWeights<int16_t>&);
extern template void make_weights<float>(const ResampleAxis&, AxisWeights<float>&);

/// The same, from the tables that the calling thread made last: fixed sizes hit, and random windows
/// reuse the memory. Those of two axes are there at the same time.
template <class T>
const AxisWeights<T>& recent_weights(const ResampleAxis& axis);

extern template const AxisWeights<int32_t>& recent_weights<int32_t>(const ResampleAxis&);
extern template const AxisWeights<int16_t>& recent_weights<int16_t>(const ResampleAxis&);
extern template const AxisWeights<float>& recent_weights<float>(const ResampleAxis&);

/// Nearest: the input index of every output.
void make_nearest(const ResampleAxis& axis, std::vector<int32_t>& index);

/// The order of the passes is part of the definition where it rounds between them: Pillow 13's
/// rule, on the extents of the image. Without antialias horizontal is always first, as it touches
/// fewest input rows.
bool vertical_first(const ResampleParams& params);

}  // namespace vg
