// Memory that this program takes, counted by its own `operator new`.
#pragma once

#include <cstdint>

namespace vg::test {

/// Calls of `operator new` since the program began, of all threads.
int64_t allocations();

}  // namespace vg::test
