// Shot noise: the light that a sensor counts.
#pragma once

#include "ops/scatter.h"

namespace vg {

struct Shot {
  PlaceKey key;
  float factor;

  static Schema schema() {
    return Schema("noise.shot",
                  "Replaces every value by Poisson(max(0, in / factor)) * factor, rounded and "
                  "clamped to the type.")
        .input("data", "any shape and type")
        .tensor_arg("factor", ArgType::Float, 12.0,
                    "value of one photon: larger is noisier; 0 gives zeros")
        .random();
  }

  static Outcome<Shot> plan(Plan& p) {
    return scatter_plan(p, Shot{{p.draw_key(), p.sample().key}, p.get<float>("factor")});
  }

  VG_FN float operator()(float value, uint32_t random) const {
    return factor == 0 ? 0.0f : poisson_from(random, value / factor) * factor;
  }
};

}  // namespace vg
