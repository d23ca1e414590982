// The loop over the boxes of `bb_flip`.
#include "ops/bb_flip.h"

namespace vg {

Status BbFlip::run(const Work& work) {
  const auto& f = work.param<BbFlip>();
  const float* in = work.in[0].as<float>();
  float* out = work.out[0].as<float>();
  const int64_t n = work.in[0].desc.shape.elements() / 4;
  for (int64_t i = 0; i < n; i++, in += 4, out += 4) {
    for (int axis = 0; axis < 2; axis++) {
      const bool flip = axis == 0 ? f.horizontal : f.vertical;
      const float start = in[axis], second = in[axis + 2];  // the extent, or the end
      out[axis] = !flip ? start : f.corners ? 1 - second : 1 - start - second;
      out[axis + 2] = flip && f.corners ? 1 - start : second;
    }
  }
  return {};
}

}  // namespace vg
