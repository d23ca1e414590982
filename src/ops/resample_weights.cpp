// Filter weights of one axis: evaluated in double, then brought to the number format of the mode.
#include "ops/resample_weights.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

#include "core/math.h"

namespace vg {
namespace {

constexpr double kPi = 3.14159265358979323846;

double sinc(double x) { return x == 0 ? 1 : math::sin(kPi * x) / (kPi * x); }

double support_of(Filter filter) {
  return filter == Filter::Cubic ? 2 : filter == Filter::Lanczos3 ? 3 : 1;
}

double value_of(Filter filter, double x) {
  const double a = std::fabs(x);
  switch (filter) {
    case Filter::Cubic: {
      constexpr double k = -0.5;
      if (a < 1) return ((k + 2) * a - (k + 3)) * a * a + 1;
      return a < 2 ? (((a - 5) * a + 8) * a - 4) * k : 0;
    }
    case Filter::Lanczos3:
      return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
    case Filter::Gaussian:
      return a < 1 ? math::exp(-4 * a * a) : 0;  // sigma = 1 / (2 sqrt(2))
    default:
      return a < 1 ? 1 - a : 0;
  }
}

// Turns taps in double into the format of T; both integer formats give a constant image back as it
// was.
void store(const std::vector<double>& taps, int32_t* weight) {
  for (double k : taps)
    *weight++ = static_cast<int32_t>(k * (1 << kPillowBits) + (k < 0 ? -0.5 : 0.5));
}

void store(const std::vector<double>& taps, int16_t* weight) {
  int sum = 0;
  size_t largest = 0;
  for (size_t j = 0; j < taps.size(); j++) {
    weight[j] = static_cast<int16_t>(std::floor(taps[j] * (1 << kFixedBits) + 0.5));
    sum += weight[j];
    if (weight[j] > weight[largest]) largest = j;
  }
  weight[largest] = static_cast<int16_t>(weight[largest] + (1 << kFixedBits) - sum);
}

void store(const std::vector<double>& taps, float* weight) {
  for (double k : taps) *weight++ = static_cast<float>(k);
}

int64_t inside(double j, int64_t in) {
  return static_cast<int64_t>(std::clamp(j, 0.0, static_cast<double>(in - 1)));
}

// The taps of the output whose centre is `centre`, summing to 1; returns the input of the first.
int64_t taps_of(const ResampleAxis& axis, double centre, double widen, bool cut,
                std::vector<double>& taps) {
  const double support = support_of(axis.filter) * widen, narrow = 1 / widen;
  double from = std::floor(centre - support + 0.5), to = std::floor(centre + support + 0.5);
  if (cut) {
    from = std::max(from, 0.0);
    to = std::min(to, static_cast<double>(axis.in));
  }
  const int64_t first = inside(from, axis.in);
  taps.assign(static_cast<size_t>(inside(to - 1, axis.in) - first + 1), 0.0);
  double sum = 0;
  for (double j = from; j < to; j++) {
    const double k = value_of(axis.filter, (j - centre + 0.5) * narrow);
    taps[static_cast<size_t>(inside(j, axis.in) - first)] += k;
    sum += k;
  }
  if (sum != 0) {
    const double factor = 1 / sum;
    for (double& k : taps) k *= factor;
  }
  return first;
}

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

// Adds the taps of one output, but for weights of zero at the end. Those at the start stay, so that
// `first` ascends.
template <class T>
void append(int64_t first, AxisWeights<T>& weights) {
  const size_t begin = weights.packed.size();
  weights.packed.resize(begin + weights.taps.size());
  store(weights.taps, weights.packed.data() + begin);
  while (weights.packed.size() > begin + 1 && weights.packed.back() == T{})
    weights.packed.pop_back();
  weights.first.push_back(static_cast<int32_t>(first));
  weights.count.push_back(static_cast<int32_t>(weights.packed.size() - begin));
}

}  // namespace

template <class T>
void make_weights(const ResampleAxis& axis, AxisWeights<T>& weights) {
  weights.first.clear();
  weights.count.clear();
  weights.packed.clear();
  if (axis.filter == Filter::Nearest) {  // beside another filter: one tap of weight 1
    std::vector<int32_t> index;
    make_nearest(axis, index);
    weights.taps.assign(1, 1.0);
    for (int32_t i : index) append(i, weights);
    return spread(weights);
  }
  const double lo = std::min(axis.lo, axis.hi), hi = std::max(axis.lo, axis.hi);
  const double scale = (hi - lo) / static_cast<double>(axis.out);
  const double widen = axis.antialias ? std::max(scale, 1.0) : 1.0;
  // Rounding a size can make the region larger than the image by a quarter of an output pixel on
  // each side: that is still Pillow's case.
  const double room = 0.3 * scale;
  const bool cut =
      std::is_same_v<T, int32_t> && lo >= -room && hi <= static_cast<double>(axis.in) + room;
  for (int64_t i = axis.begin; i < axis.begin + axis.count; i++) {
    const int64_t unflipped = axis.lo > axis.hi ? axis.out - 1 - i : i;
    const double centre = lo + (static_cast<double>(unflipped) + 0.5) * scale;
    append(taps_of(axis, centre, widen, cut, weights.taps), weights);
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
  // floor(lo + (2 i + 1) (hi - lo) / (2 out)) with lo and hi in units of 1/65536: 128 bits hold any
  // of it.
  const auto units = [](double x) { return static_cast<int64_t>(std::floor(x * 65536 + 0.5)); };
  const __int128 lo = units(axis.lo), range = units(axis.hi) - units(axis.lo);
  const __int128 divisor = __int128{2} * 65536 * axis.out;
  index.resize(static_cast<size_t>(axis.count));
  for (int64_t i = 0; i < axis.count; i++) {
    const __int128 centre = lo * 2 * axis.out + (2 * (axis.begin + i) + 1) * range;
    const __int128 floor = centre / divisor - (centre % divisor < 0);
    index[static_cast<size_t>(i)] =
        static_cast<int32_t>(std::clamp<__int128>(floor, 0, axis.in - 1));
  }
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
