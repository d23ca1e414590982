// Solarize: inverts bright values.
#pragma once

#include "ops/uint8_point.h"

namespace vg {

struct Solarize {
  float threshold;

  static Schema schema() {
    return Schema("_solarize",
                  "Inverts values from a threshold on: "
                  "out = in if in < threshold else 255 - in.")
        .input("data", "uint8 image or sequence")
        .required_tensor("threshold", ArgType::Float, "256 changes nothing, 0 inverts all")
        .hidden();
  }

  static Outcome<Solarize> plan(Plan& p) {
    return uint8_point_plan(p, Solarize{p.get<float>("threshold")});
  }

  template <class L>
  VG_FN L operator()(L value) const {
    return select(value < threshold, value, 255.0f - value);
  }
};

}  // namespace vg
