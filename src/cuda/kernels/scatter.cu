// The kernels of the scatter family.
#include "cuda/kernel.cuh"
#include "cuda/tasks/scatter.h"

namespace vg::cuda {

template <>
LaunchFunction launch_of<ScatterRegions>() {
  return &launch_tasks<ScatterRegions>;
}
template <>
LaunchFunction launch_of<ScatterMask>() {
  return &launch_tasks<ScatterMask>;
}
template <>
LaunchFunction launch_of<ScatterChoice>() {
  return &launch_tasks<ScatterChoice>;
}
template <>
LaunchFunction launch_of<ScatterNoise>() {
  return &launch_tasks<ScatterNoise>;
}

}  // namespace vg::cuda
