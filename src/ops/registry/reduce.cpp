// The reduce operators in the registry.
#include "ops/lists/reduce.h"
#include "ops/registry/add.h"

namespace vg {

void add_reduce(std::vector<OpDef>& to) { add(to, Family::Reduce, ReduceOps{}); }

}  // namespace vg
