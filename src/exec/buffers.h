// Host memory under a byte ceiling: pooled blocks that go back when their last owner lets go.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/outcome.h"

namespace vg {

class Device;

/// Blocks by size class, shared by the threads of a pipeline. Outlives the pipeline as long as a
/// tensor of it is held.
class HostPool : public std::enable_shared_from_this<HostPool> {
 public:
  /// `pins`: keeps large blocks in place for copies to it; null: nobody does.
  explicit HostPool(int64_t max_bytes, std::shared_ptr<Device> pins = nullptr)
      : max_bytes_(max_bytes), pins_(std::move(pins)) {}
  ~HostPool();

  /// A block of at least `bytes`; null if the ceiling does not allow it.
  std::byte* take(int64_t bytes);
  void give(std::byte* block, int64_t bytes);
  /// Memory of an output: shared with the user, back in the pool when nobody holds it.
  Outcome<std::shared_ptr<std::byte>> take_shared(int64_t bytes);

  int64_t bytes_in_use() const { return in_use_; }
  int64_t bytes_reserved() const { return reserved_; }
  int64_t bytes_pinned() const { return pinned_bytes_; }
  int64_t max_bytes() const { return max_bytes_; }
  /// Frees what nobody uses.
  void trim();

  /// Blocks come in these sizes: 64 * 2^k and the quarters between.
  static int64_t size_class(int64_t bytes);

 private:
  std::byte* allocate(int64_t size);
  void release(std::byte* block, int64_t size);
  void trim_locked();
  const int64_t max_bytes_;
  const std::shared_ptr<Device> pins_;
  std::mutex mutex_;
  std::unordered_set<const std::byte*> pinned_;
  std::unordered_map<int64_t, std::vector<std::byte*>> free_;
  std::atomic<int64_t> in_use_{0}, reserved_{0}, pinned_bytes_{0};
  std::atomic<int64_t> held_{0};  ///< blocks of outputs that somebody has
};

class BufferCache;

/// Owns a block of a thread's cache.
class Buffer {
 public:
  Buffer() = default;
  Buffer(BufferCache* cache, std::byte* data, int64_t bytes)
      : cache_(cache), data_(data), bytes_(bytes) {}
  Buffer(Buffer&& o) noexcept { swap(o); }
  Buffer& operator=(Buffer&& o) noexcept {
    Buffer(std::move(o)).swap(*this);
    return *this;
  }
  ~Buffer() {
    if (cache_) give_back();
  }
  std::byte* data() const { return data_; }

 private:
  void swap(Buffer& o) {
    std::swap(cache_, o.cache_);
    std::swap(data_, o.data_);
    std::swap(bytes_, o.bytes_);
  }
  void give_back();

  BufferCache* cache_ = nullptr;
  std::byte* data_ = nullptr;
  int64_t bytes_ = 0;
};

/// Blocks of one thread, without a lock: the memory of a sample's intermediate values.
class BufferCache {
 public:
  explicit BufferCache(std::shared_ptr<HostPool> pool) : pool_(std::move(pool)) {}
  ~BufferCache();
  Outcome<Buffer> take(int64_t bytes);
  void give(std::byte* block, int64_t bytes);
  /// Gives what nobody uses back to the pool.
  void clear();
  HostPool& pool() { return *pool_; }

 private:
  static constexpr int64_t kKeep = int64_t{64} << 20;  ///< bytes kept; more goes to the pool
  std::shared_ptr<HostPool> pool_;
  std::unordered_map<int64_t, std::vector<std::byte*>> free_;
  int64_t kept_ = 0;
};

}  // namespace vg
