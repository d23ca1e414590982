// The matrix of `warp_affine`.
#include "ops/warp_affine.h"

#include <cmath>

namespace vg {
namespace {

/// The map that undoes `m`; false if there is none.
bool invert(const double (&m)[6], double (&to)[6]) {
  const double d = m[0] * m[4] - m[1] * m[3];
  const double full[6] = {m[4],  -m[1], m[1] * m[5] - m[2] * m[4],
                          -m[3], m[0],  m[2] * m[3] - m[0] * m[5]};
  for (int i = 0; i < 6; i++) to[i] = full[i] / d;
  return d != 0;
}

}  // namespace

Outcome<WarpParams> WarpAffine::plan(Plan& p) {
  VG_ASSIGN(const ImageDims dims, image_dims(p));
  VG_ASSIGN(WarpParams w, warp_plan(p, dims.height, dims.width));
  const bool input = p.inputs() > 1;
  if (input == p.has("matrix"))
    return p.bad("matrix",
                 "is given {}; 6 numbers (2 x 3) are expected, as an argument or as the "
                 "second input",
                 input ? "twice" : "nowhere");
  const std::span<const double> given = input ? std::span<const double>() : p.numbers("matrix");
  const int64_t n = input ? p.in(1).shape.elements() : static_cast<int64_t>(given.size());
  if (n != 6) return p.bad("matrix", "has {} numbers; 6 (2 x 3) are expected", n);
  double m[6], inverse[6];
  for (int i = 0; i < 6; i++) {  // plain numbers give the same pixels as a float32 tensor
    m[i] = static_cast<float>(input ? element(p.input(1), i) : given[static_cast<size_t>(i)]);
    if (!std::isfinite(m[i])) return p.bad("matrix", "holds {}, which is not finite", m[i]);
  }
  const bool direct = p.get<bool>("inverse_map");
  if (!direct && !invert(m, inverse)) return p.bad("matrix", "has no inverse");
  warp_map(w, direct ? m : inverse, p.in().dtype, p.out().dtype);
  return w;
}

}  // namespace vg
