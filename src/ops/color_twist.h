// Hue, saturation, contrast and brightness as one linear map.
#pragma once

#include "ops/color_map.h"

namespace vg {

struct ColorTwist : ColorMap {
  static Schema schema() {
    return Schema("color_twist",
                  "Turns the hue, scales saturation, contrast and brightness, as one linear map. "
                  "Contrast is about 128 for integer types, about 0.5 for floats.")
        .input("data", "RGB image or sequence", "HWC FHWC DHWC")
        .tensor_arg("hue", ArgType::Float, 0.0, "angle in degrees; 0 changes nothing")
        .tensor_arg("saturation", ArgType::Float, 1.0, "factor; 0 gives grey, 1 changes nothing")
        .tensor_arg("contrast", ArgType::Float, 1.0, "factor; 1 changes nothing")
        .tensor_arg("brightness", ArgType::Float, 1.0, "factor; 1 changes nothing")
        .include(color_map_arguments({}, "that of the input"));
  }

  static Outcome<ColorTwist> plan(Plan& p) {
    const double contrast = p.get<double>("contrast"), brightness = p.get<double>("brightness");
    const double half = is_float(p.in().dtype) ? 0.5 : 128;
    return color_map_plan<ColorTwist>(
        p, p.in().dtype,
        twist(p.get<double>("hue"), p.get<double>("saturation"), brightness * contrast,
              (half - half * contrast) * brightness));
  }
};

}  // namespace vg
