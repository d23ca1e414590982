// coord_flip: points of a mirrored image.
#pragma once

#include "graph/op_def.h"

namespace vg {

struct CoordFlip {
  int axes;
  float twice_center[3];  ///< x' = 2 c - x
  bool flip[3];

  static Schema schema() {
    return Schema("coord_flip", "Mirrors points: x becomes 2 * center_x - x.")
        .input("data", "float32, points along the last axis, which has 1 to 3 components")
        .arg("layout", ArgType::String, std::string(),
             "names of the components, as \"xy\" or \"zyx\"; default: x, y, z in this order")
        .tensor_arg("flip_x", ArgType::Int, int64_t{1}, "1: mirror across the width")
        .tensor_arg("flip_y", ArgType::Int, int64_t{0}, "1: mirror down the height")
        .tensor_arg("flip_z", ArgType::Int, int64_t{0}, "1: mirror along the depth")
        .tensor_arg("center_x", ArgType::Float, 0.5, "where x stays, in the units of the points")
        .tensor_arg("center_y", ArgType::Float, 0.5, "where y stays")
        .tensor_arg("center_z", ArgType::Float, 0.5, "where z stays");
  }

  static Outcome<CoordFlip> plan(Plan& p);
  static Status run(const Work& work);
};

}  // namespace vg
