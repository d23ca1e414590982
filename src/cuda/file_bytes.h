// The bytes of files on their way to the device: those that readers put into pinned memory, and
// those that lie in memory which the device reads by itself.
#pragma once

#include <mutex>
#include <vector>

#include "cuda/staging.h"

namespace vg::cuda {

/// Only what is asked for goes over, in one call for a batch. Kernels could read the host's memory
/// as well, but the decoder reads its data twice, and the bus is slower than the device's memory.
/// Workers call `room` and `bring` at the same time.
class FileBytes {
 public:
  FileBytes(const std::shared_ptr<Pool>& pool, int64_t chunk)
      : pool_(pool), read_(pool), copies_(pool, chunk) {}

  /// Pinned memory for a file; null: there is none.
  std::byte* room(int64_t bytes);
  /// Where the next `upload` brings bytes that lie in such memory, or anywhere if they are `lent`
  /// to the device; null: it brings them nowhere.
  std::byte* bring(const std::byte* data, int64_t bytes, bool lent);
  Status upload();
  /// The copies are done: all memory may be written again.
  void reset();

 private:
  struct Wanted {
    int block;  ///< of pinned memory; none: < 0
    Upload copy;
  };
  void join();

  /// A copy costs the host as much as so many bytes more cost the bus.
  static constexpr int64_t kGap = int64_t{64} << 10;
  std::shared_ptr<Pool> pool_;
  Staging read_;
  Chunks copies_;
  std::mutex mutex_;
  std::vector<Wanted> wanted_;
  std::vector<Upload> uploads_;
};

}  // namespace vg::cuda
