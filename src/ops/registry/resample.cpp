// The resample operators in the registry.
#include "ops/lists/resample.h"
#include "ops/registry/add.h"

namespace vg {

void add_resample(std::vector<OpDef>& to) { add(to, Family::Resample, ResampleOps{}); }

}  // namespace vg
