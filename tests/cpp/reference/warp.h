// The warp driver written to be checked by eye: every pixel alone, every tap tested.
#pragma once

#include <algorithm>

#include "ops/warp.h"

namespace vg::reference {

template <class In, class Out>
void warp(const WarpParams& p, const In* in, Out* out) {
  using Value = typename Bilinear<In, Out>::Value;
  const int64_t in_size = p.in_height * p.in_width * p.channels;
  for (int64_t f = 0; f < p.frames; f++, in += in_size) {
    for (int64_t y = 0; y < p.out_height; y++) {
      for (int64_t x = 0; x < p.out_width; x++) {
        for (int c = 0; c < p.channels; c++) {
          const WarpPoint at = warp_point(p.steps, x, y);
          const auto tap = [&](int right, int below) {
            const int64_t u = (at.u >> 32) + right, v = (at.v >> 32) + below;
            const int64_t cu = std::clamp(u, int64_t{0}, p.in_width - 1);
            const int64_t cv = std::clamp(v, int64_t{0}, p.in_height - 1);
            if (!p.clamp && (cu != u || cv != v)) return static_cast<Value>(round_to<Out>(p.fill));
            return static_cast<Value>(in[(cv * p.in_width + cu) * p.channels + c]);
          };
          *out++ = p.nearest ? static_cast<Out>(tap(0, 0))
                             : Bilinear<In, Out>(at)(tap(0, 0), tap(1, 0), tap(0, 1), tap(1, 1));
        }
      }
    }
  }
}

}  // namespace vg::reference
