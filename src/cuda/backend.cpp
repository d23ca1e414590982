// What the library exports: the table of functions that the executor opens it for.
#include "cuda/batch.h"
#include "cuda/cuda_machine.h"

namespace vg::cuda {
namespace {

Outcome<std::vector<std::string>> devices() {
  int count = 0;
  if (const cudaError_t e = cudaGetDeviceCount(&count); e != cudaSuccess) {
    (void)cudaGetLastError();
    int driver = 0, runtime = 0;
    cudaDriverGetVersion(&driver);
    cudaRuntimeGetVersion(&runtime);
    if (driver == 0) return fail("there is no NVIDIA driver on this machine");
    if (e == cudaErrorInsufficientDriver)
      return fail("the NVIDIA driver is too old: it supports CUDA {}.{}, and {}.{} is needed",
                  driver / 1000, driver % 1000 / 10, runtime / 1000, runtime % 1000 / 10);
    return fail("the NVIDIA driver found no GPU: {}", cudaGetErrorString(e));
  }
  if (count == 0) return fail("there is no NVIDIA GPU on this machine");
  std::vector<std::string> names;
  for (int i = 0; i < count; i++) {
    cudaDeviceProp properties;
    VG_TRY(check(cudaGetDeviceProperties(&properties, i), "cudaGetDeviceProperties"));
    names.emplace_back(properties.name);
  }
  return names;
}

Outcome<std::shared_ptr<Device>> open(int device, int64_t max_bytes) {
  VG_ASSIGN(std::shared_ptr<Machine> machine, CudaMachine::open(device));
  if (!has_code_for(device))
    return fail("this build has no code for GPU {}: its architecture is too old or unknown",
                device);
  return std::shared_ptr<Device>(std::make_shared<GpuDevice>(std::move(machine), max_bytes));
}

}  // namespace
}  // namespace vg::cuda

extern "C" __attribute__((visibility("default"))) const vg::DeviceBackend variegate_backend{
    vg::DeviceBackend::kVersion, &vg::cuda::devices, &vg::cuda::open};
