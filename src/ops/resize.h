// Resize: shows a region of an image with another number of pixels.
#pragma once

#include "ops/resample.h"

namespace vg {

struct Resize {
  static Schema schema() {
    return Schema("resize",
                  "Resizes images, or all frames of sequences. Exactly one of size, resize_x / "
                  "resize_y, "
                  "resize_shorter and resize_longer says to what extents.")
        .input("data", "image or sequence; integers up to 32 bits, float16 or float",
               kResampleLayouts)
        .include(resize_args())
        .include(resample_args())
        .arg("save_attrs", ArgType::Bool, false,
             "gives a second output: (height, width) of the input, int32")
        .outputs_from("save_attrs");
  }

  static Outcome<ResampleUnits> plan(Plan& p) {
    VG_ASSIGN(const ResizeArgs args, read_resize_args(p));
    VG_ASSIGN(const ResampleParams params, resample_params(p, args));
    return resample_plan(p, params);
  }
};

}  // namespace vg
