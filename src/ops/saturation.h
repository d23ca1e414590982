// Saturation: scales the colour plane.
#pragma once

#include "ops/color_map.h"

namespace vg {

struct Saturation : ColorMap {
  static Schema schema() {
    return Schema("saturation",
                  "Scales the distance from grey: the I and Q components in YIQ coordinates.")
        .input("data", "RGB image or sequence", "HWC FHWC DHWC")
        .tensor_arg("saturation", ArgType::Float, 1.0, "factor; 0 gives grey, 1 changes nothing")
        .include(color_map_arguments({}, "that of the input"));
  }

  static Outcome<Saturation> plan(Plan& p) {
    return color_map_plan<Saturation>(p, p.in().dtype, twist(0, p.get<double>("saturation")));
  }
};

}  // namespace vg
