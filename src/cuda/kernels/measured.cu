// The kernel of measured operators.
#include "cuda/tasks/measured.h"

#include "cuda/kernel.cuh"

namespace vg::cuda {

template <>
LaunchFunction launch_of<MeasuredTask>() {
  return &launch_tasks<MeasuredTask>;
}

}  // namespace vg::cuda
