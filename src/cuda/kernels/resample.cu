// The kernels of resizes.
#include "cuda/tasks/resample.h"

#include "cuda/kernel.cuh"

namespace vg::cuda {

#define VG_LAUNCH(...)                      \
  template <>                               \
  LaunchFunction launch_of<__VA_ARGS__>() { \
    return &launch_tasks<__VA_ARGS__>;      \
  }
VG_LAUNCH(PillowPass)
VG_LAUNCH(FixedFirstPass)
VG_LAUNCH(FixedSecondPass)
VG_LAUNCH(FixedOnlyPass)
VG_LAUNCH(FloatPass<uint8_t, uint8_t>)
VG_LAUNCH(FloatPass<uint8_t, float>)
VG_LAUNCH(FloatPass<float, uint8_t>)
VG_LAUNCH(FloatPass<uint16_t, uint16_t>)
VG_LAUNCH(FloatPass<uint16_t, float>)
VG_LAUNCH(FloatPass<float, uint16_t>)
VG_LAUNCH(FloatPass<int16_t, int16_t>)
VG_LAUNCH(FloatPass<int16_t, float>)
VG_LAUNCH(FloatPass<float, int16_t>)
VG_LAUNCH(FloatPass<float, float>)
VG_LAUNCH(GatherTask)
VG_LAUNCH(ExtentsTask)
#undef VG_LAUNCH

}  // namespace vg::cuda
