// The resample operators. Adding one: its file, and its line here.
#pragma once

#include "ops/random_resized_crop.h"
#include "ops/resize.h"
#include "ops/resize_crop_mirror.h"

namespace vg {

using ResampleOps = TypeList<Resize, RandomResizedCrop, ResizeCropMirror>;

}  // namespace vg
