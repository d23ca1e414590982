// One output pixel of a warp, with tests at every tap: what every driver makes of a pixel.
#pragma once

#include <algorithm>

#include "ops/warp.h"

namespace vg {

/// Makes pixel (x, y) at `to` from the frame at `in`. `fill` is `p.fill` as an element.
template <class In, class Out>
VG_FN void warp_pixel(const WarpParams& p, const In* in, int64_t x, int64_t y, Out fill, Out* to) {
  using Value = typename Bilinear<In, Out>::Value;
  const WarpPoint at = warp_point(p.steps, x, y);
  const int64_t u = at.u >> 32, v = at.v >> 32;
  const auto inside = [&](int64_t tu, int64_t tv) {
    return tu >= 0 && tu < p.in_width && tv >= 0 && tv < p.in_height;
  };
  const auto clamped = [&](int64_t tu, int64_t tv) {
    return in + (std::clamp(tv, int64_t{0}, p.in_height - 1) * p.in_width +
                 std::clamp(tu, int64_t{0}, p.in_width - 1)) *
                    p.channels;
  };
  if (p.nearest) {
    const In* from = p.clamp || inside(u, v) ? clamped(u, v) : nullptr;
    for (int c = 0; c < p.channels; c++) to[c] = from ? static_cast<Out>(from[c]) : fill;
    return;
  }
  const Bilinear<In, Out> blend(at);
  const In* taps[4];
  for (int i = 0; i < 4; i++) {
    const int64_t tu = u + (i & 1), tv = v + (i >> 1);
    taps[i] = p.clamp || inside(tu, tv) ? clamped(tu, tv) : nullptr;
  }
  for (int c = 0; c < p.channels; c++) {
    const auto value = [&](const In* tap) {
      return tap ? static_cast<Value>(tap[c]) : static_cast<Value>(fill);
    };
    to[c] = blend(value(taps[0]), value(taps[1]), value(taps[2]), value(taps[3]));
  }
}

}  // namespace vg
