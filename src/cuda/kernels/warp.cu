// The kernels of warps.
#include "cuda/kernel.cuh"
#include "cuda/tasks/warp.h"

namespace vg::cuda {

#define VG_LAUNCH(...)                      \
  template <>                               \
  LaunchFunction launch_of<__VA_ARGS__>() { \
    return &launch_tasks<__VA_ARGS__>;      \
  }
VG_LAUNCH(WarpTask<uint8_t, uint8_t>)
VG_LAUNCH(WarpTask<int16_t, int16_t>)
VG_LAUNCH(WarpTask<int32_t, int32_t>)
VG_LAUNCH(WarpTask<float, float>)
VG_LAUNCH(WarpTask<uint8_t, float>)
VG_LAUNCH(WarpTask<int16_t, float>)
VG_LAUNCH(WarpTask<int32_t, float>)
#undef VG_LAUNCH

}  // namespace vg::cuda
