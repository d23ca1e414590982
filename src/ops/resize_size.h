// What the size arguments of the resize family mean: extents of the result, and the region that
// they come from.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "core/outcome.h"

namespace vg {

enum class ResizeMode { Default, Stretch, NotLarger, NotSmaller };

/// As the user gave them; an empty span or optional is an argument that was not given. Lists hold
/// (y, x), or one number for both. A size of 0 is not given either; a negative one flips its axis.
struct ResizeArgs {
  std::span<const double> size = {};
  std::optional<double> resize_y = {}, resize_x = {}, resize_shorter = {}, resize_longer = {};
  std::optional<ResizeMode> mode = {};
  std::span<const double> max_size = {};
  bool subpixel_scale = true;
  std::span<const double> roi_start = {}, roi_end = {};
  bool roi_relative = false;
};

/// One axis of the result: `out` pixels that show the region [lo, hi) of the input; lo > hi flips.
struct ResizedAxis {
  double lo, hi;
  int64_t out;
};

/// For an input of height x width. Failures begin with the name of the argument.
Outcome<std::array<ResizedAxis, 2>> resize_size(const ResizeArgs& args, int64_t height,
                                                int64_t width);

}  // namespace vg
