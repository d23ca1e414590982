// Solarize-add: brightens dark values.
#pragma once

#include "ops/uint8_point.h"

namespace vg {

struct SolarizeAdd {
  float shift;

  static Schema schema() {
    return Schema("_solarize_add", "Brightens the dark half: out = in + shift if in < 128 else in.")
        .input("data", "uint8 image or sequence")
        .required_tensor("shift", ArgType::Int, "added to values below 128")
        .hidden();
  }

  static Outcome<SolarizeAdd> plan(Plan& p) {
    return uint8_point_plan(p, SolarizeAdd{p.get<float>("shift")});
  }

  template <class L>
  VG_FN L operator()(L value) const {
    return select(value < 128.0f, value + shift, value);
  }
};

}  // namespace vg
