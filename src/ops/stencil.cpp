// Planning of stencils: which axes are spatial, and what the output is.
#include "ops/stencil.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vg {

std::span<const int16_t> WholeSum::weights(std::span<const float> kernel, Arena& arena) {
  const auto whole = [](float weight) { return std::nearbyint(weight * (1 << kBits)); };
  const auto fits = [&](float weight) {
    return std::abs(whole(weight)) <= std::numeric_limits<int16_t>::max();  // not so for NaN
  };
  if (kernel.size() > kMostTaps || !std::all_of(kernel.begin(), kernel.end(), fits)) return {};
  const std::span<int16_t> weights = arena.array<int16_t>(kernel.size());
  std::transform(kernel.begin(), kernel.end(), weights.begin(),
                 [&](float weight) { return static_cast<int16_t>(whole(weight)); });
  return weights;
}

Outcome<StencilField> stencil_field(Plan& p) {
  const Shape& shape = p.in().shape;
  const std::string_view layout = p.in().layout.text();
  const auto spatial = [&](int i) {
    return layout.empty() || std::string_view("DHW").find(layout[i]) != std::string_view::npos;
  };
  StencilField f;
  const int n = shape.ndim();
  while (f.first_axis < n && !spatial(f.first_axis)) f.outer *= shape[f.first_axis++];
  int end = f.first_axis;
  while (end < n && spatial(end)) end++;
  f.axes = end - f.first_axis;
  bool scattered = false;
  for (int i = end; i < n; i++) {
    f.inner *= shape[i];
    scattered |= spatial(i);
  }
  if (scattered || f.axes < 1 || f.axes > 3)
    return p.bad("",
                 "needs 1 to 3 spatial axes (D, H, W) next to each other; got shape {} and "
                 "layout \"{}\"",
                 shape.text(), layout);
  for (int i = 0; i < f.axes; i++) f.extents[3 - f.axes + i] = shape[f.first_axis + i];
  return f;
}

Status stencil_output(Plan& p) {
  const DType in = p.in().dtype, out = p.dtype(in);
  if (in == DType::Bool || in == DType::Float64 || size_of(in) == 8)
    return p.bad("", "does not take the type {}", name_of(in));
  if (out != in && out != DType::Float)
    return p.bad("dtype", "= {} is neither the input's type ({}) nor FLOAT", name_of(out),
                 name_of(in));
  p.out() = p.in();
  p.out().dtype = out;
  return {};
}

StencilTerm stencil_identity(Plan& p) {
  const std::span<float> one = p.arena().array<float>(1);
  one[0] = 1;
  return {{one, one, one}, 1};
}

}  // namespace vg
