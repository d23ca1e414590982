// The kernels of warps.
#include "cuda/kernel.cuh"
#include "cuda/tasks/warp.h"

namespace vg::cuda {

VG_KERNEL(WarpTask<uint8_t, uint8_t>)
VG_KERNEL(WarpTask<int16_t, int16_t>)
VG_KERNEL(WarpTask<int32_t, int32_t>)
VG_KERNEL(WarpTask<float, float>)
VG_KERNEL(WarpTask<uint8_t, float>)
VG_KERNEL(WarpTask<int16_t, float>)
VG_KERNEL(WarpTask<int32_t, float>)

}  // namespace vg::cuda
