// The point operators. Adding one: its file, and its line here.
#pragma once

#include "ops/brightness.h"

namespace vg {

using PointOps = TypeList<Brightness>;

}  // namespace vg
