// The kernel of points.
#include "cuda/tasks/point.h"

#include "cuda/kernel.cuh"

namespace vg::cuda {

VG_KERNEL(PointTask)

}  // namespace vg::cuda
