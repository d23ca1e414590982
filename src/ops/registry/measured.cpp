// The measured operators in the registry.
#include "ops/lists/measured.h"
#include "ops/registry/add.h"

namespace vg {

void add_measured(std::vector<OpDef>& to) { add(to, Family::Measured, MeasuredOps{}); }

}  // namespace vg
