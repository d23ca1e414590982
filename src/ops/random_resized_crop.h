// Random resized crop: a random window of an image, resized. Szegedy et al., "Going Deeper with
// Convolutions" (2015).
#pragma once

#include "ops/crop_window.h"
#include "ops/resample.h"

namespace vg {

struct RandomResizedCrop {
  static Schema schema() {
    return Schema("random_resized_crop",
                  "Resizes a window of random area and aspect ratio. Filters may read pixels just "
                  "outside the window, as with resize and a region.")
        .input("data", "image or sequence; integers up to 32 bits, float16 or float",
               kResampleLayouts)
        .required_tensor("size", ArgType::Floats,
                         "extents of the output in pixels, (y, x) or one for both")
        .include(crop_window_args())
        .include(resample_args())
        .random()
        .draw_kind(kCropWindowDraw);
  }

  static Outcome<ResampleUnits> plan(Plan& p) {
    VG_ASSIGN(const auto extents, image_extents(p));
    VG_ASSIGN(const CropWindowRanges ranges, crop_window_ranges(p));
    const CropWindow w = draw_crop_window(ranges, extents[0], extents[1], p.draws());
    const double start[] = {double(w.y), double(w.x)},
                 end[] = {double(w.y + w.height), double(w.x + w.width)};
    const ResizeArgs args{.size = p.numbers("size"), .roi_start = start, .roi_end = end};
    VG_ASSIGN(const ResampleParams params, resample_params(p, args));
    return resample_plan(p, params);
  }
};

}  // namespace vg
