// The decoder of JPEG files, compiled for the host once, for tests of all that has one.
#include <algorithm>

#include "emulated_machine.h"
#include "jpeg_emulation.h"

namespace vg::cuda {

Status EmulatedMachine::decode(const jpeg::Batch& batch, const jpeg::Places& places) {
  jpeg::Player player(batch);
  const std::vector<uint32_t>& status = player.play();
  std::copy(status.begin(), status.end(), places.status);
  return {};
}

}  // namespace vg::cuda
