// The resample operators. Adding one: its file, and its line here.
#pragma once

#include "ops/random_resized_crop.h"
#include "ops/resize.h"

namespace vg {

using ResampleOps = TypeList<Resize, RandomResizedCrop>;

}  // namespace vg
