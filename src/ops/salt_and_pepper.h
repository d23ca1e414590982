// Salt-and-pepper noise.
#pragma once

#include "ops/scatter.h"

namespace vg {

struct SaltAndPepper {
  Choice choice;          // salt, pepper
  uint64_t salt, either;  // of 2^32 numbers, so many first ones are salt, and salt or pepper

  static Schema schema() {
    return Schema("noise.salt_and_pepper",
                  "Replaces random pixels by one of two values, salt or pepper.")
        .input("data", "any shape and type")
        .tensor_arg("prob", ArgType::Float, 0.05, "probability of a pixel to be replaced, 0 to 1")
        .tensor_arg("salt_vs_pepper", ArgType::Float, 0.5, "share of salt among them, 0 to 1")
        .tensor_arg("salt_val", ArgType::Float, "default: the type's largest value, 1 for floats")
        .tensor_arg("pepper_val", ArgType::Float,
                    "default: the type's smallest value, -1 for floats")
        .arg("per_channel", ArgType::Bool, false, "every channel by itself; else whole pixels")
        .random();
  }

  static Outcome<SaltAndPepper> plan(Plan& p);

  VG_FN int operator()(uint32_t random) const {
    return random < salt ? 0 : random < either ? 1 : -1;
  }
};

}  // namespace vg
