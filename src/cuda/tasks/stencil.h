// Stencils as tasks: a thread sums the window of one element.
#pragma once

#include "core/border.h"
#include "cuda/tasks/number.h"
#include "ops/stencil.h"

namespace vg::cuda {

/// Rounds a sum and stores it.
VG_FN void store_sum(bool halves_to_even, DType dtype, float sum, std::byte* out, uint32_t at) {
  const bool even = halves_to_even && dtype != DType::Float;
  store_float(dtype, even ? round_even(sum) : sum, out, at);
}

/// A kernel in the plane.
struct DenseStencil : SimpleTask {
  const std::byte* in;
  std::byte* out;
  DType from, to;
  Border border;
  bool halves_to_even;
  float fill;
  uint32_t count;         ///< elements of the output
  int32_t height, width;  ///< of the input
  int32_t inner;          ///< channels
  int32_t rows, columns;  ///< of the output
  int32_t taps[2], origin[2];
  Table<float> kernel;
  Table<int16_t> whole;  ///< not empty: from bytes to bytes, by whole numbers

  VG_FN int64_t elements() const { return count; }
  VG_FN void run(Shared&, const std::byte* blob, int64_t i) const {
    const auto e = static_cast<uint32_t>(i);
    if (whole.size > 0) {
      const auto* bytes = reinterpret_cast<const uint8_t*>(in);
      out[e] = std::byte{WholeSum::finish(sum_at<int32_t>(bytes, whole.in(blob), e))};
      return;
    }
    float sum = 0;
    with_type(from, [&]<class T>(std::type_identity<T>) {
      sum = sum_at<float>(reinterpret_cast<const Stored<T>*>(in), kernel.in(blob), e);
    });
    store_sum(halves_to_even, to, sum, out, e);
  }

 private:
  template <class Sum, class T, class Weight>
  VG_FN Sum sum_at(const T* data, const Weight* weight, uint32_t e) const {
    const auto n = static_cast<uint32_t>(inner);
    const uint32_t pixel = e / n, row = pixel / static_cast<uint32_t>(columns);
    const uint32_t field = row / static_cast<uint32_t>(rows);
    const auto y = static_cast<int32_t>(row - field * static_cast<uint32_t>(rows)) - origin[0];
    const auto x = static_cast<int32_t>(pixel - row * static_cast<uint32_t>(columns)) - origin[1];
    const T* plane =
        data + int64_t{field} * height * width * inner + static_cast<int32_t>(e - pixel * n);
    const bool within = x >= 0 && x + taps[1] <= width;
    const auto value = [](T v) {
      if constexpr (std::is_same_v<Sum, float>)
        return as_float(v);
      else
        return static_cast<Sum>(v);
    };
    Sum sum = 0;
    for (int32_t r = 0; r < taps[0]; r++) {
      const auto line = static_cast<int32_t>(border_index(border, y + r, height));
      const T* from = plane + (line < 0 ? 0 : int64_t{line} * width * inner);
      if (line >= 0 && within) {
        for (int32_t c = 0; c < taps[1]; c++)
          sum += *weight++ * value(from[int64_t{x + c} * inner]);
        continue;
      }
      for (int32_t c = 0; c < taps[1]; c++) {
        const int64_t at = line < 0 ? -1 : border_index(border, x + c, width);
        sum += *weight++ * (at < 0 ? static_cast<Sum>(fill) : value(from[at * inner]));
      }
    }
    return sum;
  }
};

/// A window along one axis, which begins or ends a term or stands in its middle.
struct StencilPass : SimpleTask {
  const std::byte* in;
  std::byte* out;
  DType from, to;
  Border border;
  bool halves_to_even = false;
  bool ends_term = false;
  const float* before = nullptr;  ///< at a term's end: the sum of the terms before, if any
  float scale = 1;                ///< of the term that ends
  uint32_t count;                 ///< elements
  uint32_t extent, stride;        ///< of the axis
  Table<float> window;

  VG_FN int64_t elements() const { return count; }
  VG_FN void run(Shared&, const std::byte* blob, int64_t i) const {
    const auto e = static_cast<uint32_t>(i);
    float sum = 0;
    with_type(from, [&]<class T>(std::type_identity<T>) {
      sum = sum_at(reinterpret_cast<const Stored<T>*>(in), window.in(blob), e);
    });
    if (ends_term) sum = before ? before[e] + scale * sum : scale * sum;
    store_sum(halves_to_even, to, sum, out, e);
  }

 private:
  template <class T>
  VG_FN float sum_at(const T* data, const float* weight, uint32_t e) const {
    const uint32_t line = e / stride;
    const auto at = static_cast<int32_t>(line % extent), n = static_cast<int32_t>(extent);
    const auto taps = static_cast<int32_t>(window.size);
    const int32_t first = at - taps / 2;
    float sum = 0;
    if (first >= 0 && first + taps <= n) {
      const T* from = data + (e - static_cast<uint32_t>(taps / 2) * stride);
      for (int32_t t = 0; t < taps; t++, from += stride) sum += weight[t] * as_float(*from);
      return sum;
    }
    const T* from = data + (e - static_cast<uint32_t>(at) * stride);
    for (int32_t t = 0; t < taps; t++)
      sum += weight[t] * as_float(from[border_index(border, first + t, n) * int64_t{stride}]);
    return sum;
  }
};

}  // namespace vg::cuda
