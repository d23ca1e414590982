// A device that is the host: the same batches, levels and tasks, every block run by one thread.
#pragma once

#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>

#include "cuda/batch.h"
#include "cuda_emulation.h"
#include "jpeg_files.h"

namespace vg::cuda {

class Reached : public Mark {
 public:
  bool reached() const override { return true; }
  Status wait() const override { return {}; }
  Status wait_on(uintptr_t) const override { return {}; }
};

class EmulatedMachine : public Machine {
 public:
  int device() const override { return 0; }
  uintptr_t stream() const override { return 0; }
  int block_memory() const override { return BlockMemory::kBytes; }
  Outcome<std::byte*> allocate(int64_t bytes) override {
    auto* p = static_cast<std::byte*>(
        std::aligned_alloc(256, static_cast<size_t>(bytes + 255) / 256 * 256));
    std::memset(p, 0xA5, static_cast<size_t>(bytes));
    return p;
  }
  void release(std::byte* memory) override { std::free(memory); }
  Outcome<std::byte*> allocate_host(int64_t bytes) override { return allocate(bytes); }
  void release_host(std::byte* memory) override { std::free(memory); }
  Status register_host(const std::byte* memory, int64_t bytes) override {
    std::lock_guard lock(mutex_);
    registered_[memory] = bytes;
    return {};
  }
  void forget_host(const std::byte* memory) override {
    std::lock_guard lock(mutex_);
    registered_.erase(memory);
  }
  /// Whether copies run from there by themselves; of all machines of this kind.
  static bool is_registered(const std::byte* memory) {
    std::lock_guard lock(mutex_);
    auto after = registered_.upper_bound(memory);
    return after != registered_.begin() && memory < (--after)->first + after->second;
  }
  static size_t registered() {
    std::lock_guard lock(mutex_);
    return registered_.size();
  }
  Status upload_all(std::span<const Upload> uploads, bool) override {
    for (const Upload& u : uploads) VG_TRY(upload(u.to, u.from, u.bytes));
    return {};
  }
  Status upload(std::byte* to, const std::byte* from, int64_t bytes) override {
    std::memcpy(to, from, static_cast<size_t>(bytes));
    return {};
  }
  Status download(std::byte* to, const std::byte* from, int64_t bytes) override {
    return upload(to, from, bytes);
  }
  Status zero(std::byte* to, int64_t bytes) override {
    std::memset(to, 0, static_cast<size_t>(bytes));
    return {};
  }
  Status launch(const Launch& launch, const std::byte* blob) override {
    const EmulatedKernel& kernel = emulated_kernel(launch.kernel);
    const std::byte* tasks = blob + launch.tasks;
    const auto* tiles = reinterpret_cast<const Tile*>(blob + launch.tiles);
    for (int i = 0; i < launch.count; i++)
      kernel.run(tasks + tiles[i].task * kernel.task_bytes, blob, tiles[i].index);
    return {};
  }
  Status decode(const cuda::jpeg::Batch& batch, const cuda::jpeg::Places& places) override;
  /// In the place of nvJPEG stands libjpeg-turbo.
  Status decode_nvjpeg(std::span<const NvjpegImage> images, std::span<uint8_t> refused) override {
    for (size_t i = 0; i < images.size(); i++) {
      const jpeg_files::Decoded d = jpeg_files::decode(
          images[i].file, {.space = images[i].colors == cuda::jpeg::Colors::Gray  ? JCS_GRAYSCALE
                                    : images[i].colors == cuda::jpeg::Colors::Bgr ? JCS_EXT_BGR
                                                                                  : JCS_RGB});
      refused[i] = !d.ok || d.warnings > 0;
      if (!refused[i]) std::memcpy(images[i].out, d.pixels.data(), d.pixels.size());
    }
    return {};
  }
  Status pack_rows(std::byte* to, const std::byte* from, int64_t pitch, int64_t bytes,
                   int64_t rows) override {
    for (int64_t y = 0; y < rows; y++) VG_TRY(upload(to + y * bytes, from + y * pitch, bytes));
    return {};
  }
  Outcome<MarkRef> mark() override { return MarkRef(std::make_shared<Reached>()); }
  Outcome<MarkRef> mark_on(uintptr_t) override { return mark(); }
  Status copy_on(uintptr_t, std::byte* to, const std::byte* from, int64_t bytes) override {
    return upload(to, from, bytes);
  }

 private:
  static inline std::mutex mutex_;
  static inline std::map<const std::byte*, int64_t> registered_;
};

/// While it lives, pipelines find one GPU: the emulated one.
class EmulatedGpu {
 public:
  EmulatedGpu() { use_backend(&kBackend); }
  ~EmulatedGpu() { use_backend(nullptr); }

  static Outcome<std::vector<std::string>> devices() {
    return std::vector<std::string>{"emulated"};
  }
  static Outcome<std::shared_ptr<Device>> open(int, int64_t max_bytes) {
    return std::shared_ptr<Device>(
        std::make_shared<GpuDevice>(std::make_shared<EmulatedMachine>(), max_bytes));
  }
  static constexpr DeviceBackend kBackend{DeviceBackend::kVersion, &devices, &open};
};

}  // namespace vg::cuda
