// Starting the phases of a batch of JPEG files on a stream.
#pragma once

#include <cuda_runtime.h>

#include "cuda/jpeg/batch.h"

namespace vg::cuda::jpeg {

/// Decodes a batch in the order of the stream; the host does not wait. The caller has uploaded the
/// blob, and keeps all memory until the work is done. Then `places.status` holds a word per
/// request: 0, or a set of `Fault`, and what that image's pixels are is not defined (no other
/// memory than theirs has been written).
cudaError_t launch(const Batch& batch, const Places& places, cudaStream_t stream);

/// One phase of one part: for those who measure them. A batch begins with `launch_status`.
cudaError_t launch_phase(Phase phase, const Batch& batch, const Part& part, const Places& places,
                         cudaStream_t stream);
cudaError_t launch_status(const Batch& batch, const Places& places, cudaStream_t stream);

/// What a kernel of a phase is started with; `count` blocks of threads.
struct PhaseLaunch {
  Work work;
  const Share* shares;
  uint32_t count;
  const Part* part;
  cudaStream_t stream;
};

// Beside the kernels.
cudaError_t prepare(const PhaseLaunch&);
cudaError_t arrange_chunks(const PhaseLaunch&);
cudaError_t unstuff(const PhaseLaunch&);
cudaError_t synchronise(const PhaseLaunch&);
cudaError_t join(const PhaseLaunch&);
cudaError_t write_blocks(const PhaseLaunch&);
cudaError_t sum_differences(const PhaseLaunch&);
cudaError_t carry_differences(const PhaseLaunch&);
cudaError_t transform(const PhaseLaunch&);
cudaError_t colour_quads(const PhaseLaunch&);

}  // namespace vg::cuda::jpeg
