// Colour balance of automatic augmentation: mixes a pixel with its own grey.
#pragma once

#include "ops/uint8_point.h"

namespace vg {

struct Color {
  float factor;

  static Schema schema() {
    return Schema("_color",
                  "Mixes every pixel with its grey Y = .299 R + .587 G + .114 B: "
                  "out = Y + factor * (in - Y).")
        .input("data", "uint8 RGB image or sequence", "HWC FHWC DHWC")
        .required_tensor("factor", ArgType::Float, "0 gives grey, 1 changes nothing")
        .hidden();
  }

  static Outcome<Color> plan(Plan& p) { return uint8_point_plan(p, Color{p.get<float>("factor")}); }

  template <class L>
  VG_FN Rgb<L> operator()(Rgb<L> p) const {
    const L grey = p.r * 0.299f + p.g * 0.587f + p.b * 0.114f;
    return {(p.r - grey) * factor + grey, (p.g - grey) * factor + grey,
            (p.b - grey) * factor + grey};
  }
};

}  // namespace vg
