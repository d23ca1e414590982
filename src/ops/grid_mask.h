// GridMask: a lattice of black squares (Chen et al., "GridMask Data Augmentation", 2020).
#pragma once

#include "ops/scatter.h"

namespace vg {

struct GridMask {
  float xx, xy, yx, yy;  // pixel -> tile coordinates
  float shift_x, shift_y, ratio;

  static Schema schema() {
    return Schema("grid_mask", "Blackens a square in every tile of a rotated, shifted grid.")
        .input("data", "image or sequence (HWC, FHWC)")
        .tensor_arg("tile", ArgType::Int, int64_t{100}, "side of a tile in pixels, at least 1")
        .tensor_arg("ratio", ArgType::Float, 0.5,
                    "side of the black square, as a share of the tile's")
        .tensor_arg("angle", ArgType::Float, 0.0, "rotation of the grid in radians")
        .tensor_arg("shift_x", ArgType::Float, 0.0, "shift of the grid along x in pixels")
        .tensor_arg("shift_y", ArgType::Float, 0.0, "shift of the grid along y in pixels");
  }

  static Outcome<GridMask> plan(Plan& p);

  VG_FN bool operator()(int64_t x, int64_t y) const {
    const auto fx = static_cast<float>(x), fy = static_cast<float>(y);
    const float u = fx * xx + fy * xy - shift_x, v = fx * yx + fy * yy - shift_y;
    return u - std::floor(u) < ratio && v - std::floor(v) < ratio;
  }
};

}  // namespace vg
