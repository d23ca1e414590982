// filter: any 2-d kernel.
#pragma once

#include "ops/stencil.h"

namespace vg {

struct FilterOp {
  static Schema schema() {
    return Schema("filter",
                  "Correlates an image with a kernel (which is not mirrored): out(y, x) = "
                  "sum of kernel(i, j) * in(y + i - anchor, x + j - anchor), halves "
                  "rounded to even.")
        .alias("experimental.filter")
        .input("data", "image or sequence; the axes H and W are filtered")
        .input("filter", "kernel, 2-d, float32")
        .optional_input("fill_value",
                        "a scalar, what lies outside with border=\"constant\"; default 0")
        .needs_data(1)
        .tensor_arg("anchor", ArgType::Ints, int64_t{-1},
                    "element of the kernel over the output's pixel, (y, x); -1: the middle, n // 2")
        .arg("border", ArgType::String, std::string("reflect_101"),
             "reflect_101, reflect_1001, wrap, clamp or constant")
        .arg("mode", ArgType::String, std::string("same"),
             "same: the input's size; valid: only where the whole kernel lies on the image")
        .arg("dtype", ArgType::DType,
             "element type of the output: that of the input (default) or FLOAT");
  }

  static Outcome<StencilParams> plan(Plan& p);
};

}  // namespace vg
