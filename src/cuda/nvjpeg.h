// NVIDIA's decoder of JPEG files, opened at run time.
#pragma once

#include <cuda_runtime.h>

#include <memory>

#include "cuda/machine.h"

namespace vg::cuda {

/// One decoder of the current device; a call at a time.
class Nvjpeg {
 public:
  /// Fails with a reason where the library, or the header of it when this was built, is not there.
  static Outcome<std::unique_ptr<Nvjpeg>> open();
  virtual ~Nvjpeg() = default;

  /// Decodes after all that stands in the stream, and waits. `refused` has a value per image.
  virtual Status decode(std::span<const NvjpegImage> images, std::span<uint8_t> refused,
                        cudaStream_t stream) = 0;
};

}  // namespace vg::cuda
