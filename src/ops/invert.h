// Invert: the negative of an image.
#pragma once

#include "ops/uint8_point.h"

namespace vg {

struct Invert {
  static Schema schema() {
    return Schema("_invert", "The negative: out = 255 - in.")
        .input("data", "uint8 image or sequence")
        .hidden();
  }

  static Outcome<Invert> plan(Plan& p) { return uint8_point_plan(p, Invert{}); }

  template <class L>
  VG_FN L operator()(L value) const {
    return 255.0f - value;
  }
};

}  // namespace vg
