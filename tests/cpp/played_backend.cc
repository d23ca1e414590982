// The emulated device as a library that the package opens in place of the GPU part.
#include "emulated_machine.h"

extern "C" __attribute__((visibility("default"))) const vg::DeviceBackend variegate_backend =
    vg::cuda::EmulatedGpu::kBackend;
