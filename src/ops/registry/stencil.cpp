// The stencil operators in the registry.
#include "ops/lists/stencil.h"
#include "ops/registry/add.h"

namespace vg {

void add_stencil(std::vector<OpDef>& to) { add(to, Family::Stencil, StencilOps{}); }

}  // namespace vg
