// The resample family: an operator says which region becomes how many pixels; one driver does it.
#pragma once

#include "graph/op_def.h"
#include "ops/resample_params.h"
#include "ops/resize_size.h"

namespace vg {

inline constexpr const char* kResampleLayouts = "HWC CHW FHWC FCHW CFHW HW";

/// What every resample operator's plan returns: `units` images one after another, each with
/// `channels` values at a pixel (a plane of CHW is a unit of one channel). A second output gets the
/// extents before resizing.
struct ResampleUnits {
  ResampleParams params;
  int64_t units = 1;
  int channels = 1;
};

/// interp_type, mag_filter, min_filter, antialias, dtype, and hints without effect.
Schema resample_args();
/// size, resize_x/y, resize_shorter/longer, mode, max_size, subpixel_scale, roi_start, roi_end,
/// roi_relative.
Schema resize_args();
/// The arguments of `resize_args`; the spans live as long as the plan.
Outcome<ResizeArgs> read_resize_args(Plan& p);

/// Height and width of the input, wherever its layout has them.
Outcome<std::array<int64_t, 2>> image_extents(Plan& p);
/// Regions and sizes from `args`, filters from the arguments of `resample_args`.
Outcome<ResampleParams> resample_params(Plan& p, const ResizeArgs& args);
/// Describes the output: y.count x x.count pixels.
Outcome<ResampleUnits> resample_plan(Plan& p, const ResampleParams& params);

}  // namespace vg
