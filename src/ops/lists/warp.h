// The warp operators. Adding one: its file, and its line here.
#pragma once

#include "ops/rotate.h"
#include "ops/warp_affine.h"

namespace vg {

using WarpOps = TypeList<WarpAffine, Rotate>;

}  // namespace vg
