// The stencil operators. Adding one: its file, and its line here.
#pragma once

#include "ops/filter.h"
#include "ops/gaussian_blur.h"
#include "ops/laplacian.h"

namespace vg {

using StencilOps = TypeList<FilterOp, GaussianBlur, Laplacian>;

}  // namespace vg
