// The kernels of copies.
#include "cuda/cuda_machine.h"
#include "cuda/kernel.cuh"
#include "cuda/tasks/copy.h"

namespace vg::cuda {

VG_KERNEL(CopyTask)

bool has_code_for(int device) {
  int before = 0;
  cudaGetDevice(&before);
  cudaSetDevice(device);
  cudaFuncAttributes attributes;
  const bool found = cudaFuncGetAttributes(&attributes, run_tasks<CopyTask>) == cudaSuccess;
  (void)cudaGetLastError();
  cudaSetDevice(before);
  return found;
}

}  // namespace vg::cuda
