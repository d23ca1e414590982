// The decoders in the registry.
#include "ops/lists/decode.h"
#include "ops/registry/add.h"

namespace vg {

void add_decode(std::vector<OpDef>& to) { add(to, Family::Decode, DecodeOps{}); }

}  // namespace vg
