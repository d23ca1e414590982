// Finding runs of instructions that one pass over a uint8 image does: a head, points, a store.
#pragma once

#include "cuda/encoder.h"
#include "cuda/tasks/stage.h"
#include "exec/device.h"

namespace vg::cuda {

/// How many steps from `first` on one stage does, and the stage; 0: none. `uses` counts who reads
/// each value of the program.
size_t read_stage(const DeviceProgram& program, size_t first, std::span<const int> uses,
                  ImageStage& stage);

/// Whether step `i` makes a value that the next step reads first, and nobody else reads.
bool feeds_only(const DeviceProgram& program, size_t i, std::span<const int> uses);

/// Whether a block with that much memory does the stage at once.
bool fits_block(const ImageStage& g, int block_memory);
/// Whether what neighbours read is better copied than read from far away: stencils read everything
/// nine times; a warp whose rows climb by more than 3 in 16 reads from other rows in every lane (an
/// H100 needs a sixth less for 25 degrees, and a seventh more for 2).
bool reads_at_random(const ImageStage& g);

/// One stage in tiles. `in` and `out` are addresses of its first input and last output.
void encode_stage(const ImageStage& stage, const std::byte* in, std::byte* out, Encoder& encoder);

/// Stages one after the other, by a block.
void encode_chain(std::span<const ImageStage> stages, const std::byte* in, std::byte* out,
                  Encoder& encoder);

}  // namespace vg::cuda
