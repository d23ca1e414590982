// Gaussian noise.
#pragma once

#include "ops/scatter.h"

namespace vg {

struct Gaussian {
  PlaceKey key;
  float mean, deviation;

  static Schema schema() {
    return Schema("noise.gaussian",
                  "Adds normally distributed noise, another number to every element; the result is "
                  "rounded and clamped to the type.")
        .input("data", "any shape and type")
        .tensor_arg("mean", ArgType::Float, 0.0, "mean of the noise, in units of the values")
        .tensor_arg("stddev", ArgType::Float, 1.0, "standard deviation of the noise")
        .random();
  }

  static Outcome<Gaussian> plan(Plan& p) {
    return scatter_plan(
        p, Gaussian{{p.draw_key(), p.sample().key}, p.get<float>("mean"), p.get<float>("stddev")});
  }

  VG_FN float operator()(float value, uint32_t random) const {
    return value + (normal_from(random) * deviation + mean);
  }
};

}  // namespace vg
