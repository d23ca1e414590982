// The kernels of views.
#include "cuda/kernel.cuh"
#include "cuda/tasks/view.h"

namespace vg::cuda {

template <>
LaunchFunction launch_of<CopyView>() {
  return &launch_tasks<CopyView>;
}
template <>
LaunchFunction launch_of<ConvertView>() {
  return &launch_tasks<ConvertView>;
}
template <>
LaunchFunction launch_of<NormalizeView>() {
  return &launch_tasks<NormalizeView>;
}

}  // namespace vg::cuda
