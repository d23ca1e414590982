// The opaque operators in the registry.
#include "ops/lists/opaque.h"
#include "ops/registry/add.h"

namespace vg {

void add_opaque(std::vector<OpDef>& to) { add(to, Family::Opaque, OpaqueOps{}); }

}  // namespace vg
