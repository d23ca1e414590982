// The view family, slow and obvious: every output element by its own indices.
#pragma once

#include <cmath>
#include <cstring>

#include "core/cast.h"
#include "ops/view.h"

namespace vg::reference {

inline void view_element(const View& v, const std::array<int64_t, Shape::kMaxDims>& at,
                         const TensorRef& in, const TensorRef& out) {
  int64_t from = v.origin, to = v.offset;
  bool inside = true;
  for (int d = 0; d < v.ndim; d++) {
    const ViewAxis& a = v.axes[d];
    const int64_t index = index_inside(v.outside, a.start + at[d] * a.step, a.size);
    inside = inside && index >= 0;
    from += index * a.stride;
    to += at[d] * a.out_stride;
  }
  const auto channel = static_cast<size_t>(v.channel_axis < 0 ? 0 : at[v.channel_axis]);
  const DType type = out.desc.dtype;
  std::byte* place = out.data + to * size_of(type);
  const std::byte* source = in.data + from * size_of(in.desc.dtype);
  if (!inside) {
    const double fill = v.fill.empty() ? 0 : v.fill[std::min(channel, v.fill.size() - 1)];
    store_number(is_float(type) ? fill : std::trunc(fill), type, place);
  } else if (v.cut && v.affine.empty() && is_float(in.desc.dtype) && is_integer(type)) {
    store_number(std::trunc(element({in.desc, in.data}, from)), type, place);
  } else if (v.affine.empty()) {
    cast_elements(in.desc.dtype, source, type, place, 1);
  } else {
    const Affine a = v.affine[std::min(channel, v.affine.size() - 1)];
    const auto x = static_cast<float>(element({in.desc, in.data}, from));
    const float y = (x - a.mean) * a.factor + a.shift;
    cast_elements(DType::Float, reinterpret_cast<const std::byte*>(&y), type, place, 1);
  }
}

inline void run_view(const View& v, const TensorRef& in, const TensorRef& out) {
  int64_t elements = 1;
  for (int d = 0; d < v.ndim; d++) elements *= v.axes[d].extent;
  for (int64_t i = 0; i < elements; i++) {
    std::array<int64_t, Shape::kMaxDims> at{};
    int64_t rest = i;
    for (int d = v.ndim - 1; d >= 0; d--) {
      at[d] = rest % v.axes[d].extent;
      rest /= v.axes[d].extent;
    }
    view_element(v, at, in, out);
  }
}

}  // namespace vg::reference
