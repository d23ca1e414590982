// warp_affine: any linear map of the plane.
#pragma once

#include <cmath>

#include "ops/warp.h"

namespace vg {

struct WarpAffine {
  static Schema schema() {
    return Schema("warp_affine", "Moves pixels by a linear map and a translation.")
        .input("data", "image or sequence: uint8, int16, int32 or float", "HWC FHWC DHWC")
        .optional_input("matrix", "2 x 3 numbers instead of the argument `matrix`")
        .needs_data(1)
        .tensor_arg("matrix", ArgType::Floats,
                    "2 x 3 numbers, row by row, acting on (x, y) in pixels; (0, 0) is the corner of "
                    "the first pixel, its centre is (0.5, 0.5)")
        .arg("inverse_map", ArgType::Bool, true,
             "the matrix maps output to input; False: input to output")
        .include(warp_arguments());
  }

  static Outcome<WarpParams> plan(Plan& p) {
    VG_ASSIGN(const ImageDims dims, image_dims(p));
    VG_ASSIGN(WarpParams w, warp_plan(p, dims.height, dims.width));
    const bool input = p.inputs() > 1;
    if (input == p.has("matrix"))
      return p.bad("matrix", "is given {}; 6 numbers (2 x 3) are expected, as an argument or as the "
                   "second input", input ? "twice" : "nowhere");
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

  static bool invert(const double (&m)[6], double (&to)[6]) {
    const double d = m[0] * m[4] - m[1] * m[3];
    const double full[6] = {m[4], -m[1], m[1] * m[5] - m[2] * m[4],
                            -m[3], m[0], m[2] * m[3] - m[0] * m[5]};
    for (int i = 0; i < 6; i++) to[i] = full[i] / d;
    return d != 0;
  }
};

}  // namespace vg
