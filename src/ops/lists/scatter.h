// The scatter operators. Adding one: its file, and its line here.
#pragma once

#include "ops/erase.h"
#include "ops/gaussian.h"
#include "ops/grid_mask.h"
#include "ops/salt_and_pepper.h"
#include "ops/shot.h"

namespace vg {

using ScatterOps = TypeList<Erase, Gaussian, GridMask, SaltAndPepper, Shot>;

}  // namespace vg
