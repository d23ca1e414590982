// The stencil driver written to be checked by eye: loops over elements and taps, no cache of rows.
#pragma once

#include <cmath>
#include <vector>

#include "core/round.h"
#include "ops/stencil.h"

namespace vg::reference {

template <class T, class Sum>
T rounded(const StencilParams& s, Sum x) {
  if (std::is_floating_point_v<T> || !s.halves_to_even) return round_to<T>(x);
  return round_to<T>(std::nearbyint(x));
}

template <class In, class Out, class Sum = float>
std::vector<Out> dense(const StencilParams& s, const In* in) {
  std::vector<Out> out;
  const auto [depth, height, width] = s.field.extents;
  const int64_t inner = s.field.inner;
  for (int64_t f = 0; f < s.field.outer; f++, in += height * width * inner) {
    for (int64_t y = 0; y < s.out_extents[0]; y++) {
      for (int64_t x = 0; x < s.out_extents[1]; x++) {
        for (int64_t c = 0; c < inner; c++) {
          Sum sum = 0;
          for (int i = 0; i < s.kernel_extents[0]; i++) {
            for (int j = 0; j < s.kernel_extents[1]; j++) {
              const int64_t v = border_index(s.border, y + i - s.origin[0], height);
              const int64_t u = border_index(s.border, x + j - s.origin[1], width);
              const float value =
                  v < 0 || u < 0 ? s.fill : static_cast<float>(in[(v * width + u) * inner + c]);
              sum += Sum{s.kernel[static_cast<size_t>(i * s.kernel_extents[1] + j)]} * value;
            }
          }
          out.push_back(rounded<Out>(s, sum));
        }
      }
    }
  }
  return out;
}

/// What the whole sums of bytes must be: the weights are exact in double, and so are the sums.
inline std::vector<uint8_t> whole(const StencilParams& s, const uint8_t* in) {
  std::vector<float> kernel;
  for (int16_t weight : s.whole) kernel.push_back(static_cast<float>(weight) / 16384);
  StencilParams exact = s;
  exact.kernel = kernel;
  return dense<uint8_t, uint8_t, double>(exact, in);
}

/// One window along one axis of (outer, extent, inner).
inline std::vector<float> pass(const std::vector<float>& in, std::span<const float> window,
                               int64_t outer, int64_t extent, int64_t inner) {
  std::vector<float> out;
  for (int64_t o = 0; o < outer; o++)
    for (int64_t i = 0; i < extent; i++)
      for (int64_t c = 0; c < inner; c++) {
        float sum = 0;
        for (size_t t = 0; t < window.size(); t++) {
          const int64_t from =
              i + static_cast<int64_t>(t) - static_cast<int64_t>(window.size() / 2);
          const int64_t at = border_index(Border::Reflect101, from, extent);
          sum += window[t] * in[static_cast<size_t>((o * extent + at) * inner + c)];
        }
        out.push_back(sum);
      }
  return out;
}

template <class In, class Out>
std::vector<Out> separable(const StencilParams& s, const In* in) {
  const auto [depth, height, width] = s.field.extents;
  const int64_t outer = s.field.outer, inner = s.field.inner;
  const std::vector<float> data(in, in + outer * depth * height * width * inner);
  std::vector<float> sum(data.size());
  for (int i = 0; i < s.terms; i++) {
    const StencilTerm& term = s.term[static_cast<size_t>(i)];
    std::vector<float> v = pass(data, term.windows[2], outer * depth * height, width, inner);
    v = pass(v, term.windows[1], outer * depth, height, width * inner);
    v = pass(v, term.windows[0], outer, depth, height * width * inner);
    for (size_t j = 0; j < v.size(); j++)
      sum[j] = i == 0 ? term.scale * v[j] : sum[j] + term.scale * v[j];
  }
  std::vector<Out> out;
  for (float x : sum) out.push_back(rounded<Out>(s, x));
  return out;
}

}  // namespace vg::reference
