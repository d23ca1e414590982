// From the number of a kernel to its launch.
#include <array>

#include "cuda/cuda_machine.h"
#include "cuda/encoder.h"

namespace vg::cuda {

using LaunchFunction = cudaError_t (*)(const Launch&, const std::byte*, const LaunchSite&);
template <class T>
LaunchFunction launch_of();  // defined beside the kernels

namespace {

template <class... T>
std::array<LaunchFunction, sizeof...(T)> launches_of(TypeList<T...>) {
  return {launch_of<T>()...};
}

}  // namespace

cudaError_t launch_kernel(const Launch& launch, const std::byte* blob, const LaunchSite& site) {
  static const auto functions = launches_of(Kernels{});
  return functions[static_cast<size_t>(launch.kernel)](launch, blob, site);
}

}  // namespace vg::cuda
