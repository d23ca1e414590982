// The kernels of stencils.
#include "cuda/kernel.cuh"
#include "cuda/tasks/stencil.h"

namespace vg::cuda {

VG_KERNEL(DenseStencil)
VG_KERNEL(StencilPass)

}  // namespace vg::cuda
