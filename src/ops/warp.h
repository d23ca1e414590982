// The warp family: the output pixel at a point is read at the image of that point in the input.
#pragma once

#include "core/warp_point.h"
#include "graph/op_def.h"
#include "ops/image.h"

namespace vg {

/// What the warp drivers interpret; the same for all frames of a sequence.
struct WarpParams {
  WarpSteps steps;
  int64_t frames, in_height, in_width, out_height, out_width;
  int channels;
  bool nearest;
  bool clamp;  ///< outside: the border pixel is repeated; else `fill`
  double fill;
};

/// Arguments that all warps share.
Schema warp_arguments();

/// Reads the shared arguments and describes the output; `height` and `width` are the output's size
/// if the user gives none. The steps are still missing.
Outcome<WarpParams> warp_plan(Plan& p, int64_t height, int64_t width);

/// Gives `params` the map from output to input: 2 x 3, in pixels, (0, 0) the corner of the image.
void warp_map(WarpParams& params, const double* matrix, DType in, DType out);

}  // namespace vg
