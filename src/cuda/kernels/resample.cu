// The kernels of resizes.
#include "cuda/tasks/resample.h"

#include "cuda/kernel.cuh"

namespace vg::cuda {

VG_KERNEL(WeightsTask<int32_t>)
VG_KERNEL(WeightsTask<int16_t>)
VG_KERNEL(WeightsTask<float>)
VG_KERNEL(NearestTask)
VG_KERNEL(PillowPass)
VG_KERNEL(FixedFirstPass)
VG_KERNEL(FixedSecondPass)
VG_KERNEL(FixedOnlyPass)
VG_KERNEL(FloatPass<uint8_t, uint8_t>)
VG_KERNEL(FloatPass<uint8_t, float>)
VG_KERNEL(FloatPass<float, uint8_t>)
VG_KERNEL(FloatPass<uint16_t, uint16_t>)
VG_KERNEL(FloatPass<uint16_t, float>)
VG_KERNEL(FloatPass<float, uint16_t>)
VG_KERNEL(FloatPass<int16_t, int16_t>)
VG_KERNEL(FloatPass<int16_t, float>)
VG_KERNEL(FloatPass<float, int16_t>)
VG_KERNEL(FloatPass<float, float>)
VG_KERNEL(GatherTask)
VG_KERNEL(ExtentsTask)

}  // namespace vg::cuda
