// The scatter operators in the registry.
#include "ops/lists/scatter.h"
#include "ops/registry/add.h"

namespace vg {

void add_scatter(std::vector<OpDef>& to) { add(to, Family::Scatter, ScatterOps{}); }

}  // namespace vg
