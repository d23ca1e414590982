// Posterize: keeps some bits of every value.
#pragma once

#include "ops/uint8_point.h"

namespace vg {

struct Posterize {
  uint32_t mask;

  static Schema schema() {
    return Schema("_posterize", "Keeps the bits of a mask: out = in & mask.")
        .input("data", "uint8 image or sequence")
        .required_tensor("mask", ArgType::Int, "bits to keep, 0 to 255")
        .hidden();
  }

  static Outcome<Posterize> plan(Plan& p) {
    const auto mask = p.get<int64_t>("mask");
    if (mask < 0 || mask > 255) return p.bad("mask", "= {} is not in [0, 255]", mask);
    return uint8_point_plan(p, Posterize{static_cast<uint32_t>(mask)});
  }

  template <class L>
  VG_FN L operator()(L value) const {
    return bits_and(value, mask);
  }
};

}  // namespace vg
