// The kernels of segments of uint8 images.
#include "cuda/kernel.cuh"
#include "cuda/tasks/histogram.h"
#include "cuda/tasks/image.h"

namespace vg::cuda {

template <>
LaunchFunction launch_of<HistogramTask>() {
  return &launch_tasks<HistogramTask>;
}
template <>
LaunchFunction launch_of<ImageTask>() {
  return &launch_tasks<ImageTask>;
}

}  // namespace vg::cuda
