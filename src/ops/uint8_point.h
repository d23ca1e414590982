// Point operators of automatic augmentation: uint8 in, uint8 out, hidden behind `auto_aug`.
#pragma once

#include "ops/point.h"

namespace vg {

template <class Op>
Outcome<Op> uint8_point_plan(Plan& p, const Op& op) {
  if (p.in().dtype != DType::Uint8)
    return p.bad("", "supports uint8 only; the input is {}", name_of(p.in().dtype));
  return point_plan(p, DType::Uint8, op);
}

}  // namespace vg
