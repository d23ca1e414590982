// The kernels of arithmetic, conversions and fills.
#pragma nv_diag_suppress 186  // unsigned numbers are compared with zero where any number is
#include "cuda/kernel.cuh"
#include "cuda/tasks/elementwise.h"

namespace vg::cuda {

template <>
LaunchFunction launch_of<Elementwise<uint8_t>>() {
  return &launch_tasks<Elementwise<uint8_t>>;
}
template <>
LaunchFunction launch_of<Elementwise<uint16_t>>() {
  return &launch_tasks<Elementwise<uint16_t>>;
}
template <>
LaunchFunction launch_of<Elementwise<uint32_t>>() {
  return &launch_tasks<Elementwise<uint32_t>>;
}
template <>
LaunchFunction launch_of<Elementwise<uint64_t>>() {
  return &launch_tasks<Elementwise<uint64_t>>;
}
template <>
LaunchFunction launch_of<Elementwise<int8_t>>() {
  return &launch_tasks<Elementwise<int8_t>>;
}
template <>
LaunchFunction launch_of<Elementwise<int16_t>>() {
  return &launch_tasks<Elementwise<int16_t>>;
}
template <>
LaunchFunction launch_of<Elementwise<int32_t>>() {
  return &launch_tasks<Elementwise<int32_t>>;
}
template <>
LaunchFunction launch_of<Elementwise<int64_t>>() {
  return &launch_tasks<Elementwise<int64_t>>;
}
template <>
LaunchFunction launch_of<Elementwise<float>>() {
  return &launch_tasks<Elementwise<float>>;
}
template <>
LaunchFunction launch_of<Elementwise<double>>() {
  return &launch_tasks<Elementwise<double>>;
}
template <>
LaunchFunction launch_of<Elementwise<bool>>() {
  return &launch_tasks<Elementwise<bool>>;
}
template <>
LaunchFunction launch_of<Convert>() {
  return &launch_tasks<Convert>;
}
template <>
LaunchFunction launch_of<Fill>() {
  return &launch_tasks<Fill>;
}

}  // namespace vg::cuda
