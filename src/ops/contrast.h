// Contrast: scales the distance from a centre.
#pragma once

#include "ops/point.h"

namespace vg {

/// Middle of a type's values as contrast operators take it when no centre is given.
inline double default_contrast_center(DType dtype) {
  if (is_float(dtype)) return 0.5;
  const double bits = 8.0 * static_cast<double>(size_of(dtype));
  return std::exp2(is_signed(dtype) ? bits - 2 : bits - 1);
}

inline double contrast_center(Plan& p) {
  return p.has("contrast_center") ? p.get<double>("contrast_center")
                                  : default_contrast_center(p.in().dtype);
}

struct Contrast {
  float factor, center;

  static Schema schema() {
    return Schema("contrast",
                  "Scales the distance from a centre: "
                  "out = contrast_center + contrast * (in - contrast_center).")
        .input("data", "image or sequence", "HWC FHWC DHWC")
        .tensor_arg("contrast", ArgType::Float, 1.0, "factor; 1 changes nothing")
        .tensor_arg("contrast_center", ArgType::Float,
                    "value that stays; default: 128 for uint8, 2^(bits - 2) for signed integers, "
                    "0.5 for floats")
        .arg("dtype", ArgType::DType, "element type of the output; default: that of the input");
  }

  static Outcome<Contrast> plan(Plan& p) {
    const auto center = static_cast<float>(contrast_center(p));
    return point_plan(p, p.dtype(p.in().dtype), Contrast{p.get<float>("contrast"), center});
  }

  template <class L>
  VG_FN L operator()(L value) const {
    return (value - center) * factor + center;
  }
};

}  // namespace vg
