// laplacian: the sum of second derivatives along the axes, each smoothed along the others.
#pragma once

#include "ops/stencil.h"

namespace vg {

struct Laplacian {
  static Schema schema() {
    return Schema("laplacian",
                  "Sum over the axes of the second derivative along the axis, smoothed "
                  "along the others. Windows are those of Sobel operators: the "
                  "derivative is (1, -2, 1), smoothing (1), each widened by (1, 1).")
        .input("data", "image, volume or sequence; the axes D, H and W are used")
        .tensor_arg("window_size", ArgType::Ints, int64_t{3},
                    "size of the derivative's window, odd, 3 to 31; one number or one per axis")
        .tensor_arg("smoothing_size", ArgType::Ints,
                    "size of the smoothing windows, odd, 1 to 31; one number or one per axis along "
                    "which is smoothed; default: the derivative's own window_size")
        .tensor_arg("scale", ArgType::Floats, 1.0,
                    "factor of each derivative; one number or one per axis")
        .arg("normalized_kernel", ArgType::Bool, false,
             "instead of `scale`, the factor 2 ** (n + 2 - sum of the window sizes), n axes")
        .arg("dtype", ArgType::DType,
             "element type of the output: that of the input (default) or FLOAT");
  }

  static Outcome<StencilParams> plan(Plan& p);
};

}  // namespace vg
