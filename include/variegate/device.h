// Data that lie on a GPU, as far as a reader of them has to know. No CUDA header is needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "variegate/export.h"

namespace vg {

/// What a Tensor on a GPU shares with its batch: how to wait for it, and how to say that it is
/// used. Streams are `cudaStream_t` as numbers; 1 is the legacy default stream, 2 the per-thread
/// one. Throws Error(Runtime) if the device failed.
class VG_API DeviceMemory {
 public:
  virtual ~DeviceMemory() = default;
  virtual int device() const = 0;        ///< its number
  virtual uintptr_t stream() const = 0;  ///< that the data are made on
  /// Returns when the data are there.
  virtual void wait() = 0;
  /// What is given to `stream` from now on finds the data there; nobody waits for that here.
  virtual void wait_on(uintptr_t stream) = 0;
  /// Once let go, the memory is used again only after what `stream` was given before that.
  virtual void used_on(uintptr_t stream) = 0;
  /// Returns when `stream` has done what it was given.
  virtual void wait_for(uintptr_t stream) = 0;
  /// Waits for the data and copies them to host memory.
  virtual void copy_to_host(const std::byte* from, std::byte* to, int64_t bytes) = 0;
  /// Copies to memory of any kind, in the order of `stream`; waits for the copy if told to.
  virtual void copy(const std::byte* from, std::byte* to, int64_t bytes, uintptr_t stream,
                    bool wait) = 0;
  /// Copies pieces of `bytes` bytes into one block.
  virtual std::pair<std::shared_ptr<std::byte>, std::shared_ptr<DeviceMemory>> gather(
      const std::vector<const std::byte*>& pieces, int64_t bytes) = 0;
};

/// Names of the GPUs that can be used, by number; none: `gpu_problem` says why.
VG_API std::vector<std::string> gpu_devices();
VG_API std::string gpu_problem();

}  // namespace vg
