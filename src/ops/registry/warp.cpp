// The warp operators in the registry.
#include "ops/lists/warp.h"
#include "ops/registry/add.h"

namespace vg {

void add_warp(std::vector<OpDef>& to) { add(to, Family::Warp, WarpOps{}); }

}  // namespace vg
