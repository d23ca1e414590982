// Hue, saturation and value as one linear map.
#pragma once

#include "ops/color_map.h"

namespace vg {

struct Hsv : ColorMap {
  static Schema schema() {
    return Schema("hsv",
                  "Turns the hue, scales saturation and brightness, as one linear map in YIQ "
                  "coordinates (not a conversion to HSV). The output is uint8 unless `dtype` "
                  "says otherwise.")
        .input("data", "RGB image or sequence", "HWC FHWC DHWC")
        .tensor_arg("hue", ArgType::Float, 0.0, "angle in degrees; 0 changes nothing")
        .tensor_arg("saturation", ArgType::Float, 1.0, "factor; 0 gives grey, 1 changes nothing")
        .tensor_arg("value", ArgType::Float, 1.0, "factor of all values; 1 changes nothing")
        .include(color_map_arguments(static_cast<int64_t>(DType::Uint8), "uint8"));
  }

  static Outcome<Hsv> plan(Plan& p) {
    return color_map_plan<Hsv>(
        p, DType::Uint8,
        twist(p.get<double>("hue"), p.get<double>("saturation"), p.get<double>("value")));
  }
};

}  // namespace vg
