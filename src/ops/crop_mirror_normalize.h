// Crop, mirror and normalise in one pass: what most pipelines end with.
#pragma once

#include "ops/crop_args.h"

namespace vg {

struct CropMirrorNormalize {
  static Schema schema();
  static Status check(const Node& node) { return check_crop(node); }
  static Outcome<ViewParams> plan(Plan& p);
};

}  // namespace vg
