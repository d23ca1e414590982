// Flip: mirrors an image along its axes.
#pragma once

#include "ops/crop_args.h"

namespace vg {

struct Flip {
  static Schema schema() {
    return Schema("flip", "Mirrors an image, a volume or all frames of a sequence.")
        .input("data", "image or sequence", kImageLayouts)
        .tensor_arg("horizontal", ArgType::Int, int64_t{1}, "not 0: exchanges left and right")
        .tensor_arg("vertical", ArgType::Int, int64_t{0}, "not 0: exchanges top and bottom")
        .tensor_arg("depthwise", ArgType::Int, int64_t{0}, "not 0: exchanges front and back")
        .same_type();
  }

  static Outcome<ViewParams> plan(Plan& p) {
    View view = view_of(p.in());
    mirror(view, p.in().layout.find('W'), p.get<bool>("horizontal"));
    mirror(view, p.in().layout.find('H'), p.get<bool>("vertical"));
    mirror(view, p.in().layout.find('D'), p.get<bool>("depthwise"));
    return plan_view(p, view, p.in().dtype, p.in().layout);
  }
};

}  // namespace vg
