// The kernels of segments of uint8 images.
#include "cuda/kernel.cuh"
#include "cuda/tasks/chain.h"
#include "cuda/tasks/histogram.h"
#include "cuda/tasks/image.h"

namespace vg::cuda {

VG_KERNEL(HistogramTask)
VG_KERNEL(ImageTask)
VG_KERNEL(ChainTask)

}  // namespace vg::cuda
