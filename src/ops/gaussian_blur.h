// gaussian_blur: separable, one window per spatial axis.
#pragma once

#include "ops/stencil.h"

namespace vg {

struct GaussianBlur {
  static Schema schema() {
    return Schema("gaussian_blur",
                  "Blurs with a Gaussian window, cut off and normalised to sum 1; "
                  "borders are mirrored without repeating the outermost element.")
        .input("data", "image, volume or sequence; the axes D, H and W are blurred")
        .tensor_arg(
            "window_size", ArgType::Ints, int64_t{0},
            "elements of the window, odd; one number or one per axis; 0: 2 * ceil(3 * sigma) + 1")
        .tensor_arg("sigma", ArgType::Floats, 0.0,
                    "standard deviation in elements; one number or one per axis; 0: "
                    "((window_size - 1) / 2 - 1) * 0.3 + 0.8")
        .arg("dtype", ArgType::DType,
             "element type of the output: that of the input (default) or FLOAT");
  }

  static Outcome<StencilParams> plan(Plan& p);
};

}  // namespace vg
