// Hue: turns the colour plane.
#pragma once

#include "ops/color_map.h"

namespace vg {

struct Hue : ColorMap {
  static Schema schema() {
    return Schema("hue", "Turns the hue: a rotation of the I and Q components in YIQ coordinates.")
        .input("data", "RGB image or sequence", "HWC FHWC DHWC")
        .tensor_arg("hue", ArgType::Float, 0.0, "angle in degrees; 0 changes nothing")
        .include(color_map_arguments({}, "that of the input"));
  }

  static Outcome<Hue> plan(Plan& p) {
    return color_map_plan<Hue>(p, p.in().dtype, twist(p.get<double>("hue"), 1));
  }
};

}  // namespace vg
