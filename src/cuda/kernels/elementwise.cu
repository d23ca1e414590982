// The kernels of arithmetic, conversions and fills.
#pragma nv_diag_suppress 186  // unsigned numbers are compared with zero where any number is
#include "cuda/kernel.cuh"
#include "cuda/tasks/elementwise.h"

namespace vg::cuda {

VG_KERNEL(Elementwise<uint8_t>)
VG_KERNEL(Elementwise<uint16_t>)
VG_KERNEL(Elementwise<uint32_t>)
VG_KERNEL(Elementwise<uint64_t>)
VG_KERNEL(Elementwise<int8_t>)
VG_KERNEL(Elementwise<int16_t>)
VG_KERNEL(Elementwise<int32_t>)
VG_KERNEL(Elementwise<int64_t>)
VG_KERNEL(Elementwise<float>)
VG_KERNEL(Elementwise<double>)
VG_KERNEL(Elementwise<bool>)
VG_KERNEL(Convert)
VG_KERNEL(Fill)

}  // namespace vg::cuda
