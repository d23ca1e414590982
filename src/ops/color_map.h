// A linear map of a pixel's three values, and the one that hue, saturation and their kin share.
#pragma once

#include "ops/point.h"

namespace vg {

struct ColorMap {
  float m[9];  // row by row
  float shift[3];

  template <class L>
  VG_FN Rgb<L> operator()(Rgb<L> p) const {
    return {p.r * m[0] + p.g * m[1] + p.b * m[2] + shift[0],
            p.r * m[3] + p.g * m[4] + p.b * m[5] + shift[1],
            p.r * m[6] + p.g * m[7] + p.b * m[8] + shift[2]};
  }
};

/// In YIQ coordinates: turns the colour plane by `hue` degrees, scales it by `saturation`; then
/// multiplies all values by `gain` and adds `offset`. No turn and no scaling is an exact identity.
ColorMap twist(double hue, double saturation, double gain = 1, double offset = 0);

/// What the operators of this map have in common; `type_doc` tells the default of `dtype`.
Schema color_map_arguments(ArgValue dtype, std::string type_doc);

template <class Op>
Outcome<Op> color_map_plan(Plan& p, DType otherwise, const ColorMap& map) {
  return point_plan(p, p.dtype(otherwise), Op{map});
}

}  // namespace vg
