// The view operators in the registry.
#include "ops/lists/view.h"
#include "ops/registry/add.h"

namespace vg {

void add_view(std::vector<OpDef>& to) { add(to, Family::View, ViewOps{}); }

}  // namespace vg
