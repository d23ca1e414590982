// The resample operators. Adding one: its file, and its line here.
#pragma once

#include "graph/op_def.h"

namespace vg {

using ResampleOps = TypeList<>;

}  // namespace vg
