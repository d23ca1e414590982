// From phases to kernels.
#include "cuda/jpeg/launch.h"

namespace vg::cuda::jpeg {

cudaError_t launch_status(const Batch& batch, const Places& places, cudaStream_t stream) {
  const std::byte* first = places.blob + batch.first_status();
  if (reinterpret_cast<const std::byte*>(places.status) == first) return cudaSuccess;
  return cudaMemcpyAsync(places.status, first,
                         static_cast<size_t>(batch.images()) * sizeof(uint32_t),
                         cudaMemcpyDeviceToDevice, stream);
}

cudaError_t launch_phase(Phase phase, const Batch& batch, const Part& part, const Places& places,
                         cudaStream_t stream) {
  using Function = cudaError_t (*)(const PhaseLaunch&);
  static constexpr Function kFunctions[kPhases] = {
      prepare,      arrange_chunks,  unstuff,           synchronise, join,
      write_blocks, sum_differences, carry_differences, transform,   colour_quads};
  if (part.counts[phase] == 0) return cudaSuccess;
  return kFunctions[phase]({work_of(batch, part, places),
                            reinterpret_cast<const Share*>(places.blob + part.shares[phase]),
                            part.counts[phase], &part, stream});
}

cudaError_t launch(const Batch& batch, const Places& places, cudaStream_t stream) {
  if (batch.images() == 0) return cudaSuccess;
  if (const cudaError_t e = launch_status(batch, places, stream); e != cudaSuccess) return e;
  for (const Part& part : batch.parts())
    for (int phase = 0; phase < kPhases; phase++)
      if (const cudaError_t e =
              launch_phase(static_cast<Phase>(phase), batch, part, places, stream);
          e != cudaSuccess)
        return e;
  return cudaSuccess;
}

}  // namespace vg::cuda::jpeg
