// Tables of the weights of one axis, and the last ones that a thread made.
#include "ops/resample_weights.h"

#include <algorithm>
#include <array>
#include <type_traits>

namespace vg {
namespace {

void split(AxisWeights<int32_t>& weights) {
  weights.parts.resize(2 * weights.weight.size());
  for (size_t i = 0; i < weights.weight.size(); i++) {
    int16_t* part = weights.parts.data() + i / 4 * 8 + i % 4;
    part[0] = static_cast<int16_t>(weights.weight[i] & ((1 << kLowBits) - 1));
    part[4] = static_cast<int16_t>(weights.weight[i] >> kLowBits);
  }
}

// From the packed weights of all outputs to equal strides: 2, or a multiple of 4.
template <class T>
void spread(AxisWeights<T>& weights) {
  int widest = 1;
  for (int32_t n : weights.count) widest = std::max(widest, n);
  weights.stride = widest <= 2 && sizeof(T) == 2 ? 2 : (widest + 3) & ~3;
  weights.weight.assign(weights.count.size() * static_cast<size_t>(weights.stride), T{});
  const T* from = weights.packed.data();
  T* to = weights.weight.data();
  for (int32_t n : weights.count) {
    std::copy(from, from + n, to);
    from += n;
    to += weights.stride;
  }
  if constexpr (sizeof(T) == 4 && std::is_integral_v<T>) split(weights);
}

}  // namespace

template <class T>
void make_weights(const ResampleAxis& axis, AxisWeights<T>& weights) {
  const TapRule rule = tap_rule<T>(axis);
  const auto outputs = static_cast<size_t>(axis.count);
  weights.first.resize(outputs);
  weights.count.resize(outputs);
  weights.packed.resize(outputs * static_cast<size_t>(rule.most_taps()));
  T* to = weights.packed.data();
  for (size_t i = 0; i < outputs; i++) {
    const Taps taps = taps_of(rule, axis.begin + static_cast<int64_t>(i));
    weights.first[i] = taps.first;
    weights.count[i] = write_weights(rule, taps, to);
    to += weights.count[i];
  }
  spread(weights);
}

template void make_weights<int32_t>(const ResampleAxis&, AxisWeights<int32_t>&);
template void make_weights<int16_t>(const ResampleAxis&, AxisWeights<int16_t>&);
template void make_weights<float>(const ResampleAxis&, AxisWeights<float>&);

template <class T>
const AxisWeights<T>& recent_weights(const ResampleAxis& axis) {
  struct Slot {
    ResampleAxis axis;
    AxisWeights<T> weights;
    uint64_t used = 0;
  };
  // The least recently used goes: a table in use outlives the look-up of the other axis.
  thread_local std::array<Slot, 4> slots;
  thread_local uint64_t clock = 0;
  Slot* oldest = &slots[0];
  for (Slot& slot : slots) {
    if (slot.axis == axis) {
      slot.used = ++clock;
      return slot.weights;
    }
    if (slot.used < oldest->used) oldest = &slot;
  }
  make_weights(axis, oldest->weights);
  oldest->axis = axis;
  oldest->used = ++clock;
  return oldest->weights;
}

template const AxisWeights<int32_t>& recent_weights<int32_t>(const ResampleAxis&);
template const AxisWeights<int16_t>& recent_weights<int16_t>(const ResampleAxis&);
template const AxisWeights<float>& recent_weights<float>(const ResampleAxis&);

void make_nearest(const ResampleAxis& axis, std::vector<int32_t>& index) {
  index.resize(static_cast<size_t>(axis.count));
  for (size_t i = 0; i < index.size(); i++)
    index[i] = nearest_of(axis, axis.begin + static_cast<int64_t>(i));
}

ResampleMode resample_mode(const ResampleParams& params, DType in, DType out) {
  const bool gaussian = params.y.filter == Filter::Gaussian || params.x.filter == Filter::Gaussian;
  if (in != DType::Uint8 || out != DType::Uint8 || gaussian) return ResampleMode::Float;
  return params.y.antialias ? ResampleMode::Pillow : ResampleMode::Fixed14;
}

bool vertical_first(const ResampleParams& params) {
  const int64_t less_high = params.y.in - params.y.out, less_wide = params.x.in - params.x.out;
  return params.y.antialias && less_high > 0 && less_high > 2 * less_wide;
}

}  // namespace vg
