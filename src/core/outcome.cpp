// The end of a failure.
#include "core/outcome.h"

namespace vg {

void DeleteFailure::operator()(Failure* failure) const { delete failure; }

}  // namespace vg
