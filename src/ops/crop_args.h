// The arguments that every cropping operator shares, and the window that they mean.
#pragma once

#include "ops/view.h"

namespace vg {

/// Layouts of images and volumes with their sequences.
inline constexpr const char* kImageLayouts = "HWC CHW DHWC CDHW FHWC FCHW CFHW FDHWC FCDHW HW";

/// Part of an axis: [start, start + extent), maybe beyond the axis.
struct Window {
  int64_t start = 0, extent = 0;
};

/// crop, crop_h/w/d, crop_pos_x/y/z, rounding.
Schema crop_args();
/// out_of_bounds_policy, fill_values.
Schema bounds_args();
/// What the arguments of `crop_args` break for every sample.
Status check_crop(const Node& node);

/// Windows along D, H and W of an image of those extents: start = R(pos * (extent - crop)), where R
/// rounds half away from zero or cuts off. Axes that are not cropped are whole.
Outcome<std::array<Window, 3>> crop_windows(Plan& p, const std::array<int64_t, 3>& extents);

/// Crops the axes D, H and W of the input's layout, and reads the fill values.
Status crop_view(Plan& p, View& view);

/// The values of `fill_values`: one, or one per channel (`channels` of them, or it fails).
Outcome<std::span<const double>> fill_values(Plan& p, int64_t channels);

}  // namespace vg
