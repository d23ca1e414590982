// The passes of a resize on a device, along rows or columns alike.
#pragma once

#include "cuda/tasks/quad.h"
#include "ops/resample_arithmetic.h"

namespace vg::cuda {

/// One axis: output i is the sum of taps[i] inputs from first[i] on, with the weights from
/// i * stride on. They lie in device memory, which another task has filled.
template <class Weight>
struct AxisTables {
  int32_t *first, *taps;
  Weight* weight;
  int32_t stride;
};

/// Fills the tables of an axis. An element is an output.
template <class Weight>
struct WeightsTask : SimpleTask {
  static constexpr int kTile = 256;

  TapRule rule;
  AxisTables<Weight> tables;

  VG_FN int64_t elements() const { return rule.axis.count; }
  VG_FN void run(Shared&, const std::byte*, int64_t i) const {
    const Taps taps = taps_of(rule, rule.axis.begin + i);
    tables.first[i] = taps.first;
    tables.taps[i] = write_weights(rule, taps, tables.weight + i * tables.stride);
  }
};

/// Nearest: the input of every output. An element is an output.
struct NearestTask : SimpleTask {
  static constexpr int kTile = 256;

  ResampleAxis axis;
  int32_t* index;

  VG_FN int64_t elements() const { return axis.count; }
  VG_FN void run(Shared&, const std::byte*, int64_t i) const {
    index[i] = nearest_of(axis, axis.begin + i);
  }
};

/// Where the values of a pass lie: at outer * a + i * b + k, i counts along the axis, and k < inner
/// are neighbours that are treated alike (channels of a pixel; values of a row).
struct PassPlaces {
  int64_t outer, axis;
};

/// An element is up to four neighbours of one output. A is the arithmetic.
template <class A, class From, class To>
struct ResamplePass : SimpleTask {
  using Weight = typename A::Weight;
  using Sum = typename A::Sum;
  static constexpr int kLanes = 4;

  const From* in;
  To* out;
  PassPlaces in_places, out_places;
  int64_t outer;
  int32_t inner, count;
  int32_t begin;  ///< what is at `in` is number `begin` of the axis
  AxisTables<Weight> axis;

  VG_FN uint32_t quads() const { return static_cast<uint32_t>((inner + kLanes - 1) / kLanes); }
  VG_FN int64_t elements() const { return outer * count * quads(); }

  VG_FN void run(Shared&, const std::byte*, int64_t element) const {
    const auto outputs = static_cast<uint32_t>(count);
    uint32_t rest = static_cast<uint32_t>(element), k = 0;
    if (inner > kLanes) {
      const uint32_t n = quads();
      k = rest % n * kLanes;
      rest /= n;
    }
    const uint32_t o = outer > 1 ? rest / outputs : 0, i = rest - o * outputs;
    const From* from = in + o * in_places.outer + k + (axis.first[i] - begin) * in_places.axis;
    To* to = out + o * out_places.outer + i * out_places.axis + k;
    const Weight* weight = axis.weight + static_cast<uint32_t>(axis.stride) * i;
    const int taps = axis.taps[i];
    switch (inner - static_cast<int32_t>(k)) {
      case 1:
        return lanes<1>(from, weight, taps, to);
      case 2:
        return lanes<2>(from, weight, taps, to);
      case 3:
        return lanes<3>(from, weight, taps, to);
      default:
        return lanes<4>(from, weight, taps, to);
    }
  }

 private:
  template <class T>
  struct alignas(kLanes * sizeof(T)) Four {
    T v[kLanes];
  };
  template <class T>
  VG_FN static bool is_aligned(const T* p) {
    return reinterpret_cast<uintptr_t>(p) % (kLanes * sizeof(T)) == 0;
  }

  template <int N>
  VG_FN static void load(const From* from, Sum* to) {
    if constexpr (sizeof(From) == 1 && N >= 3) {
      uint32_t word;
      Words(from).template read<N>(&word);
      for (int l = 0; l < N; l++) to[l] = term<Sum>(static_cast<From>(byte_of(word, l)));
    } else {
      for (int l = 0; l < N; l++) to[l] = term<Sum>(from[l]);
    }
  }

  template <int N>
  VG_FN void lanes(const From* from, const Weight* weight, int taps, To* to) const {
    Sum sum[N] = {};
    if (N == kLanes && sizeof(From) > 1 && is_aligned(from) && in_places.axis % kLanes == 0) {
      for (int j = 0; j < taps; j++, from += in_places.axis) {
        const Four<From> four = *reinterpret_cast<const Four<From>*>(from);
        for (int l = 0; l < N; l++) sum[l] += term<Sum>(four.v[l]) * Sum{weight[j]};
      }
    } else {
      for (int j = 0; j < taps; j++, from += in_places.axis) {
        Sum value[N];
        load<N>(from, value);
        for (int l = 0; l < N; l++) sum[l] += value[l] * Sum{weight[j]};
      }
    }
    Four<To> done;
    for (int l = 0; l < N; l++) done.v[l] = A::template finish<From, To>(sum[l]);
    if (N == kLanes && is_aligned(to))
      *reinterpret_cast<Four<To>*>(to) = done;
    else
      for (int l = 0; l < N; l++) to[l] = done.v[l];
  }
};

using PillowPass = ResamplePass<PillowArithmetic, uint8_t, uint8_t>;
using FixedFirstPass = ResamplePass<Fixed14Arithmetic, uint8_t, int16_t>;
using FixedSecondPass = ResamplePass<Fixed14Arithmetic, int16_t, uint8_t>;
using FixedOnlyPass = ResamplePass<Fixed14Arithmetic, uint8_t, uint8_t>;
template <class From, class To>
using FloatPass = ResamplePass<FloatArithmetic<float, float>, From, To>;

/// Nearest: an element is a pixel of the output.
struct GatherTask : SimpleTask {
  const std::byte* in;
  std::byte* out;
  int64_t in_row;  ///< bytes of a row
  int32_t pixel;   ///< bytes of a pixel
  const int32_t *ys, *xs;
  int32_t height, width;

  VG_FN int64_t elements() const { return int64_t{height} * width; }
  VG_FN void run(Shared&, const std::byte*, int64_t i) const {
    const auto at = static_cast<uint32_t>(i), columns = static_cast<uint32_t>(width);
    const uint32_t y = at / columns, x = at - y * columns;
    const std::byte* from = in + ys[y] * in_row + int64_t{xs[x]} * pixel;
    std::byte* to = out + i * pixel;
    const auto places = reinterpret_cast<uintptr_t>(from) | reinterpret_cast<uintptr_t>(to);
    if (pixel % 4 == 0 && places % 4 == 0) {
      for (int b = 0; b < pixel; b += 4)
        *reinterpret_cast<uint32_t*>(to + b) = *reinterpret_cast<const uint32_t*>(from + b);
      return;
    }
    for (int b = 0; b < pixel; b++) to[b] = from[b];
  }
};

/// The second output: the extents before resizing. An element is one of them.
struct ExtentsTask : SimpleTask {
  int32_t* out;
  int32_t height, width;
  VG_FN int64_t elements() const { return 2; }
  VG_FN void run(Shared&, const std::byte*, int64_t i) const { out[i] = i == 0 ? height : width; }
};

}  // namespace vg::cuda
