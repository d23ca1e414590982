// The kernels of reductions and of normalizing.
#include "cuda/kernel.cuh"
#include "cuda/tasks/normalize.h"
#include "cuda/tasks/reduce.h"

namespace vg::cuda {

template <>
LaunchFunction launch_of<BlockTotals>() {
  return &launch_tasks<BlockTotals>;
}
template <>
LaunchFunction launch_of<Results>() {
  return &launch_tasks<Results>;
}
template <>
LaunchFunction launch_of<StoreMeans>() {
  return &launch_tasks<StoreMeans>;
}
template <>
LaunchFunction launch_of<Scalings>() {
  return &launch_tasks<Scalings>;
}
template <>
LaunchFunction launch_of<Rescale>() {
  return &launch_tasks<Rescale>;
}

}  // namespace vg::cuda
