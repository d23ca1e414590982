// The elementwise operators in the registry.
#include "ops/lists/elementwise.h"
#include "ops/registry/add.h"

namespace vg {

void add_elementwise(std::vector<OpDef>& to) { add(to, Family::Elementwise, ElementwiseOps{}); }

}  // namespace vg
