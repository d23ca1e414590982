// Files that lie in memory which the device reads by itself: fetched together, without the host.
#pragma once

#include <mutex>
#include <vector>

#include "cuda/pool.h"

namespace vg::cuda {

/// Copies into device memory of their own, in one call for a batch. Kernels could read the host's
/// memory as well, but the decoder reads its data twice, and the bus is slower than that memory.
class Lent {
 public:
  Lent(std::shared_ptr<Pool> pool, int64_t chunk) : pool_(pool), copies_(std::move(pool), chunk) {}

  /// Where the next `upload` brings these bytes; null: there is no memory for them. Workers call it
  /// at the same time.
  std::byte* bring(const std::byte* data, int64_t bytes) {
    std::lock_guard lock(mutex_);
    const auto to = copies_.take(bytes);
    if (!to.ok()) return nullptr;
    uploads_.push_back({*to, data, bytes});
    return *to;
  }
  Status upload() {
    if (uploads_.empty()) return {};
    Status status = pool_->machine().upload_all(uploads_);
    uploads_.clear();
    return status;
  }
  void reset() {
    uploads_.clear();
    copies_.reset();
  }

 private:
  std::shared_ptr<Pool> pool_;
  Chunks copies_;
  std::mutex mutex_;
  std::vector<Upload> uploads_;
};

}  // namespace vg::cuda
