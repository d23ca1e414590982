// A GPU that does nothing, at once: what is left of a pipeline is the host's work.
#pragma once

#include <cstdlib>
#include <cstring>

#include "cuda/batch.h"

namespace vg {

class IdleMachine : public cuda::Machine {
 public:
  int device() const override { return 0; }
  uintptr_t stream() const override { return 0; }
  int block_memory() const override { return 96 << 10; }
  Outcome<std::byte*> allocate(int64_t bytes) override {
    return static_cast<std::byte*>(
        std::aligned_alloc(256, static_cast<size_t>(bytes + 255) & ~255ul));
  }
  void release(std::byte* memory) override { std::free(memory); }
  Outcome<std::byte*> allocate_host(int64_t bytes) override { return allocate(bytes); }
  void release_host(std::byte* memory) override { std::free(memory); }
  Status register_host(const std::byte*, int64_t) override { return {}; }
  void forget_host(const std::byte*) override {}
  Status upload(std::byte*, const std::byte*, int64_t) override { return {}; }
  Status upload_all(std::span<const cuda::Upload>, bool) override { return {}; }
  /// Zeros: no image is refused.
  Status download(std::byte* to, const std::byte*, int64_t bytes) override {
    std::memset(to, 0, static_cast<size_t>(bytes));
    return {};
  }
  Status zero(std::byte*, int64_t) override { return {}; }
  Status launch(const cuda::Launch&, const std::byte*) override { return {}; }
  Status decode(const cuda::jpeg::Batch&, const cuda::jpeg::Places&) override { return {}; }
  Status decode_nvjpeg(std::span<const cuda::NvjpegImage>, std::span<uint8_t>) override {
    return {};
  }
  Status pack_rows(std::byte*, const std::byte*, int64_t, int64_t, int64_t) override { return {}; }
  Outcome<cuda::MarkRef> mark() override { return cuda::MarkRef(std::make_shared<Reached>()); }
  Outcome<cuda::MarkRef> mark_on(uintptr_t) override { return mark(); }
  Status copy_on(uintptr_t, std::byte*, const std::byte*, int64_t) override { return {}; }

 private:
  struct Reached : cuda::Mark {
    bool reached() const override { return true; }
    Status wait() const override { return {}; }
    Status wait_on(uintptr_t) const override { return {}; }
  };
};

/// While it lives, pipelines find one GPU: the idle one.
class IdleGpu {
 public:
  IdleGpu() { use_backend(&kBackend); }
  ~IdleGpu() { use_backend(nullptr); }
  IdleGpu(const IdleGpu&) = delete;
  IdleGpu& operator=(const IdleGpu&) = delete;

 private:
  static Outcome<std::vector<std::string>> devices() { return std::vector<std::string>{"idle"}; }
  static Outcome<std::shared_ptr<Device>> open(int, int64_t max_bytes) {
    return std::shared_ptr<Device>(
        std::make_shared<cuda::GpuDevice>(std::make_shared<IdleMachine>(), max_bytes));
  }
  static constexpr DeviceBackend kBackend{DeviceBackend::kVersion, &devices, &open};
};

}  // namespace vg
