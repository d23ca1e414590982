// The kernel of measured operators.
#include "cuda/tasks/measured.h"

#include "cuda/kernel.cuh"

namespace vg::cuda {

VG_KERNEL(MeasuredTask)

}  // namespace vg::cuda
