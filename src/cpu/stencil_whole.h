// The stencil driver of the host for sums of whole numbers.
#pragma once

#include "graph/op_def.h"
#include "ops/stencil.h"

namespace vg::cpu {

/// From bytes to bytes, by the weights in `whole`, which is not empty.
void run_whole_stencil(const StencilParams& s, const Work& work);

}  // namespace vg::cpu
