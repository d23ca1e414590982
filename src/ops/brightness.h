// Brightness: scales and shifts every value.
#pragma once

#include "ops/point.h"

namespace vg {

struct Brightness {
  float factor, shift;

  static Schema schema() {
    return Schema("brightness",
                  "Multiplies values and adds a share of the type's range: "
                  "out = brightness_shift * range + brightness * in.")
        .input("data", "image or sequence", "HWC FHWC DHWC")
        .tensor_arg("brightness", ArgType::Float, 1.0, "factor; 1 changes nothing")
        .tensor_arg("brightness_shift", ArgType::Float, 0.0,
                    "added, in units of the type's largest value")
        .arg("dtype", ArgType::DType, "element type of the output; default: that of the input");
  }

  static Outcome<Brightness> plan(Plan& p) {
    const DType out = p.dtype(p.in().dtype);
    const double shift = p.get<double>("brightness_shift") * range_of(out);
    return point_plan(p, out, Brightness{p.get<float>("brightness"), static_cast<float>(shift)});
  }

  template <class L>
  VG_FN L operator()(L value) const {
    return value * factor + shift;
  }
};

}  // namespace vg
