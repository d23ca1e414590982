// Finding runs of instructions that one pass over a uint8 image does: a head, points, a store.
#pragma once

#include "cuda/encoder.h"
#include "exec/device.h"

namespace vg::cuda {

/// How many steps from `first` on make a segment; 0: this step is none. `uses` counts who reads
/// each value of the program.
size_t segment_length(const DeviceProgram& program, size_t first, std::span<const int> uses);

/// The segment as a task. `in` and `out` are addresses of its first input and last output.
void encode_segment(std::span<const DeviceStep> steps, const std::byte* in, std::byte* out,
                    Encoder& encoder);

}  // namespace vg::cuda
