// The stencil operators. Adding one: its file, and its line here.
#pragma once

#include "graph/op_def.h"

namespace vg {

using StencilOps = TypeList<>;

}  // namespace vg
