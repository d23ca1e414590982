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
    VG_ASSIGN(const auto extents, image_extents(p));
    VG_ASSIGN(const ResizeArgs args, read_resize_args(p));
    VG_TRY(p.status());
    const auto axes = resize_size(args, extents[0], extents[1]);
    if (!axes.ok()) return p.bad("", "{}", axes.failure().message);
    VG_ASSIGN(const ResampleParams params, resample_axes(p, *axes));
    return resample_plan(p, params);
  }
};

}  // namespace vg
