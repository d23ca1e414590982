// The kernels of the scatter family.
#include "cuda/kernel.cuh"
#include "cuda/tasks/scatter.h"

namespace vg::cuda {

VG_KERNEL(ScatterRegions)
VG_KERNEL(ScatterMask)
VG_KERNEL(ScatterChoice)
VG_KERNEL(ScatterNoise)

}  // namespace vg::cuda
