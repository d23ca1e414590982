// The point operators in the registry.
#include "ops/lists/point.h"
#include "ops/registry/add.h"

namespace vg {

void add_point(std::vector<OpDef>& to) { add(to, Family::Point, PointOps{}); }

}  // namespace vg
