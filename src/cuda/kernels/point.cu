// The kernel of points.
#include "cuda/tasks/point.h"

#include "cuda/kernel.cuh"

namespace vg::cuda {

template <>
LaunchFunction launch_of<PointTask>() {
  return &launch_tasks<PointTask>;
}

}  // namespace vg::cuda
