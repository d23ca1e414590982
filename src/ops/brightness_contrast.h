// Contrast, then brightness, in one step.
#pragma once

#include "ops/contrast.h"

namespace vg {

struct BrightnessContrast {
  float contrast, center, brightness, shift;

  static Schema schema() {
    return Schema("brightness_contrast",
                  "Scales the distance from a centre, then multiplies and shifts: "
                  "out = brightness_shift * range + brightness * "
                  "(contrast_center + contrast * (in - contrast_center)).")
        .input("data", "image or sequence", "HWC FHWC DHWC")
        .tensor_arg("brightness", ArgType::Float, 1.0, "factor; 1 changes nothing")
        .tensor_arg("brightness_shift", ArgType::Float, 0.0,
                    "added, in units of the output type's largest value (1 for floats)")
        .tensor_arg("contrast", ArgType::Float, 1.0, "factor; 1 changes nothing")
        .tensor_arg("contrast_center", ArgType::Float,
                    "value that contrast keeps; default: 128 for uint8, 2^(bits - 2) for signed "
                    "integers, 0.5 for floats")
        .arg("dtype", ArgType::DType, "element type of the output; default: that of the input");
  }

  static Outcome<BrightnessContrast> plan(Plan& p) {
    const DType out = p.dtype(p.in().dtype);
    const auto center = static_cast<float>(contrast_center(p));
    const double shift = p.get<double>("brightness_shift") * range_of(out);
    return point_plan(p, out,
                      BrightnessContrast{p.get<float>("contrast"), center,
                                         p.get<float>("brightness"), static_cast<float>(shift)});
  }

  template <class L>
  VG_FN L operator()(L value) const {
    return ((value - center) * contrast + center) * brightness + shift;
  }
};

}  // namespace vg
