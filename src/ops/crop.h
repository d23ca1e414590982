// Crop: a window of an image.
#pragma once

#include "ops/crop_args.h"

namespace vg {

struct Crop {
  static Schema schema() {
    return Schema("crop", "Cuts a window out of an image, a volume or all frames of a sequence.")
        .input("data", "image or sequence", kImageLayouts)
        .include(crop_args())
        .include(bounds_args())
        .arg("dtype", ArgType::DType,
             "element type of the output; default: that of the input; floats lose their fraction "
             "in integers")
        .deprecated("output_dtype", "dtype")
        .same_type();
  }

  static Status check(const Node& node) { return check_crop(node); }

  static Outcome<ViewParams> plan(Plan& p) {
    View view = view_of(p.in());
    VG_TRY(crop_view(p, view));
    view.channel_axis = p.in().layout.find('C');
    VG_ASSIGN(view.fill,
              fill_values(p, view.channel_axis < 0 ? 1 : view.axes[view.channel_axis].size));
    view.cut = true;
    return plan_view(p, view, p.dtype(p.in().dtype), p.in().layout);
  }
};

}  // namespace vg
