// The kernels of views.
#include "cuda/kernel.cuh"
#include "cuda/tasks/view.h"

namespace vg::cuda {

VG_KERNEL(CopyView)
VG_KERNEL(ConvertView)
VG_KERNEL(NormalizeView)

}  // namespace vg::cuda
