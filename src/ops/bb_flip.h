// bb_flip: boxes of a mirrored image.
#pragma once

#include "graph/op_def.h"

namespace vg {

struct BbFlip {
  bool corners, horizontal, vertical;

  static Schema schema() {
    return Schema("bb_flip", "Mirrors boxes with relative coordinates (0 to 1).")
        .input("data", "float32, boxes (n, 4) or (4): left, top, width, height")
        .arg("ltrb", ArgType::Bool, false, "the boxes are left, top, right, bottom")
        .tensor_arg("horizontal", ArgType::Int, int64_t{1}, "1: mirror across the width")
        .tensor_arg("vertical", ArgType::Int, int64_t{0}, "1: mirror down the height");
  }

  static Outcome<BbFlip> plan(Plan& p) {
    const Shape& shape = p.in().shape;
    if (p.in().dtype != DType::Float || shape.ndim() < 1 || shape[shape.ndim() - 1] != 4)
      return p.bad("", "takes float32 boxes of 4 numbers; got {} of shape {}",
                   name_of(p.in().dtype), shape.text());
    p.out() = p.in();
    return BbFlip{p.get<bool>("ltrb"), p.get<int64_t>("horizontal") != 0,
                  p.get<int64_t>("vertical") != 0};
  }

  static Status run(const Work& work);
};

}  // namespace vg
