// warp_affine: any linear map of the plane.
#pragma once

#include "ops/warp.h"

namespace vg {

struct WarpAffine {
  static Schema schema() {
    return Schema("warp_affine", "Moves pixels by a linear map and a translation.")
        .input("data", "image or sequence: uint8, int16, int32 or float", "HWC FHWC DHWC")
        .optional_input("matrix", "2 x 3 numbers instead of the argument `matrix`")
        .needs_data(1)
        .tensor_arg(
            "matrix", ArgType::Floats,
            "2 x 3 numbers, row by row, acting on (x, y) in pixels; (0, 0) is the corner of "
            "the first pixel, its centre is (0.5, 0.5)")
        .arg("inverse_map", ArgType::Bool, true,
             "the matrix maps output to input; False: input to output")
        .include(warp_arguments());
  }

  static Outcome<WarpParams> plan(Plan& p);
};

}  // namespace vg
