// The kernels of reductions and of normalizing.
#include "cuda/kernel.cuh"
#include "cuda/tasks/normalize.h"
#include "cuda/tasks/reduce.h"

namespace vg::cuda {

VG_KERNEL(BlockTotals)
VG_KERNEL(Results)
VG_KERNEL(StoreMeans)
VG_KERNEL(Scalings)
VG_KERNEL(Rescale)

}  // namespace vg::cuda
