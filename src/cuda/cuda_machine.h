// CUDA as a machine: one stream, memory, events.
#pragma once

#include <cuda_runtime.h>

#include <atomic>
#include <mutex>
#include <optional>

#include "cuda/nvjpeg.h"

namespace vg::cuda {

/// A failure that names the call; success otherwise.
Status check(cudaError_t error, const char* what);

class CudaMachine : public Machine {
 public:
  static Outcome<std::shared_ptr<Machine>> open(int device);
  ~CudaMachine() override;

  int device() const override { return device_; }
  uintptr_t stream() const override { return reinterpret_cast<uintptr_t>(stream_); }
  int block_memory() const override { return block_memory_; }
  Outcome<std::byte*> allocate(int64_t bytes) override;
  void release(std::byte* memory) override;
  Outcome<std::byte*> allocate_host(int64_t bytes) override;
  void release_host(std::byte* memory) override;
  Status register_host(const std::byte* memory, int64_t bytes) override;
  void forget_host(const std::byte* memory) override;
  Status upload(std::byte* to, const std::byte* from, int64_t bytes) override;
  Status upload_all(std::span<const Upload> uploads, bool beside) override;
  Status download(std::byte* to, const std::byte* from, int64_t bytes) override;
  Status zero(std::byte* to, int64_t bytes) override;
  Status launch(const Launch& launch, const std::byte* blob) override;
  Status decode(const jpeg::Batch& batch, const jpeg::Places& places) override;
  Status decode_nvjpeg(std::span<const NvjpegImage> images, std::span<uint8_t> refused) override;
  Status pack_rows(std::byte* to, const std::byte* from, int64_t pitch, int64_t bytes,
                   int64_t rows) override;
  Outcome<MarkRef> mark() override { return mark_on(stream()); }
  Outcome<MarkRef> mark_on(uintptr_t stream) override;
  Status copy_on(uintptr_t stream, std::byte* to, const std::byte* from, int64_t bytes) override;

 private:
  explicit CudaMachine(int device) : device_(device) {}
  Status copy_all(std::span<const Upload> uploads);
  int device_;
  int block_memory_ = 0;
  cudaStream_t stream_ = nullptr;
  cudaStream_t copies_ = nullptr;  ///< of files: the next batch's come while this one is decoded
  std::mutex nvjpeg_mutex_;
  std::optional<Outcome<std::unique_ptr<Nvjpeg>>> nvjpeg_;  ///< what came of opening it
  std::atomic<bool> batched_copies_{true};  ///< the driver has them, as far as is known
};

/// Whether the kernels were compiled for the device, or can be by its driver.
bool has_code_for(int device);

/// Where a launch goes, and the memory that its blocks may have.
struct LaunchSite {
  cudaStream_t stream;
  int block_memory;
};

/// Starts the blocks of one kernel.
cudaError_t launch_kernel(const Launch& launch, const std::byte* blob, const LaunchSite& site);

}  // namespace vg::cuda
