// A family's device form as a driver: what the tests compare with the host's.
#pragma once

#include <gtest/gtest.h>

#include "cuda_emulation.h"

namespace vg::test {

/// `on_device<cuda::runs_warp, cuda::encode_warp>` encodes an instruction and plays its tasks.
template <auto kRuns, auto kEncode>
Status on_device(const OpDef&, const Work& work) {
  EXPECT_TRUE(kRuns(work));
  cuda::EmulatedLevel level;
  kEncode(work, level);
  level.run();
  return {};
}

}  // namespace vg::test
