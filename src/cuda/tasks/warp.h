// Warps on a device: a thread makes a pixel.
#pragma once

#include "cuda/task.h"
#include "ops/warp_pixel.h"

namespace vg::cuda {

/// An element is a pixel of the output; there are fewer than 2^31, and input elements as well.
template <class In, class Out>
struct WarpTask : SimpleTask {
  WarpParams params;
  const In* in;
  Out* out;
  Out fill;

  WarpTask(const WarpParams& p, const In* from, Out* to)
      : params(p), in(from), out(to), fill(round_to<Out>(p.fill)) {}

  VG_FN int64_t elements() const { return params.frames * params.out_height * params.out_width; }

  VG_FN void run(Shared&, const std::byte*, int64_t i) const {
    const auto width = static_cast<uint32_t>(params.out_width);
    const auto pixel = static_cast<uint32_t>(i), row = pixel / width, x = pixel - row * width;
    uint32_t frame = 0, y = row;
    if (params.frames > 1) {
      frame = row / static_cast<uint32_t>(params.out_height);
      y = row - frame * static_cast<uint32_t>(params.out_height);
    }
    const In* from = in + frame * params.in_height * params.in_width * params.channels;
    Out* to = out + i * params.channels;
    if (!params.nearest && !params.steps.far) {
      const WarpPoint at = warp_point(params.steps, x, y);
      const auto u = static_cast<int32_t>(at.u >> 32), v = static_cast<int32_t>(at.v >> 32);
      if (u >= 0 && u < params.in_width - 1 && v >= 0 && v < params.in_height - 1) {
        const int channels = params.channels;
        const In* corner = from + (v * static_cast<int32_t>(params.in_width) + u) * channels;
        const Bilinear<In, Out> blend(at);
        if (channels == 3) return inner<3>(blend, corner, to);
        if (channels == 1) return inner<1>(blend, corner, to);
        return inner<0>(blend, corner, to);
      }
    }
    warp_pixel(params, from, x, y, fill, to);
  }

 private:
  /// A pixel whose taps are all inside; C channels, 0: as many as there are.
  template <int C>
  VG_FN void inner(const Bilinear<In, Out>& blend, const In* a, Out* to) const {
    using Value = typename Bilinear<In, Out>::Value;
    const int channels = C ? C : params.channels;
    const In* c = a + params.in_width * channels;
    for (int i = 0; i < channels; i++)
      to[i] = blend(static_cast<Value>(a[i]), static_cast<Value>(a[i + channels]),
                    static_cast<Value>(c[i]), static_cast<Value>(c[i + channels]));
  }
};

}  // namespace vg::cuda
