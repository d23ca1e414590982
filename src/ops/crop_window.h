// The random crop window: one draw for random_resized_crop, random_crop_generator and
// image_random_crop.
#pragma once

#include "graph/plan.h"

namespace vg {

struct CropWindow {
  int64_t y = 0, x = 0, height = 0, width = 0;
};

/// Ranges are [low, high]: of width / height, and of the share of the image's area.
struct CropWindowRanges {
  double ratio_low, ratio_high, area_low, area_high;
  int attempts;
};

/// The kind of the draw: under one explicit seed all operators choose the same windows.
inline constexpr const char* kCropWindowDraw = "random_crop";

/// random_aspect_ratio, random_area, num_attempts.
Schema crop_window_args();
Outcome<CropWindowRanges> crop_window_ranges(Plan& p);

/// Area uniform, then the logarithm of the ratio uniform, until the window fits into height x
/// width; then its place. A first attempt that fits uses one Philox block.
CropWindow draw_crop_window(const CropWindowRanges& ranges, int64_t height, int64_t width,
                            DrawStream draws);

}  // namespace vg
