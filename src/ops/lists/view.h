// The view operators. Adding one: its file, and its line here.
#pragma once

#include "graph/op_def.h"

namespace vg {

using ViewOps = TypeList<>;

}  // namespace vg
