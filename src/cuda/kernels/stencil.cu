// The kernels of stencils.
#include "cuda/kernel.cuh"
#include "cuda/tasks/stencil.h"

namespace vg::cuda {

template <>
LaunchFunction launch_of<DenseStencil>() {
  return &launch_tasks<DenseStencil>;
}
template <>
LaunchFunction launch_of<StencilPass>() {
  return &launch_tasks<StencilPass>;
}

}  // namespace vg::cuda
