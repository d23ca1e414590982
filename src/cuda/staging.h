// Host memory that travels to the device: workers take pieces of it at the same time, and all of it
// goes over in as few copies as there are blocks.
#pragma once

#include <mutex>
#include <utility>
#include <vector>

#include "cuda/pool.h"

namespace vg::cuda {

class Staging {
 public:
  explicit Staging(std::shared_ptr<Pool> pool) : pool_(std::move(pool)) {}
  ~Staging();

  struct Piece {
    std::byte* host;
    std::byte* device;
  };
  Outcome<Piece> take(int64_t bytes);
  struct Found {
    int block = -1;  ///< number of the block
    std::byte* device = nullptr;
  };
  /// The counterpart of memory that lies in a piece; null: it lies in none.
  Found find(const std::byte* host);
  /// Copies what was taken since the last time.
  Status upload();
  /// Whether it has got memory since it was asked the last time: others may have used that before,
  /// in the stream.
  bool grew() {
    std::lock_guard lock(mutex_);
    return std::exchange(grew_, false);
  }
  /// The copies are done: all of it may be written again. Blocks that a batch has filled together
  /// become one.
  void reset();

 private:
  struct Block {
    std::byte *host, *device;
    int64_t size, used, sent;
  };
  void release(const Block& b);
  Outcome<Block> make(int64_t bytes);

  static constexpr int64_t kFirst = int64_t{4} << 20;
  std::shared_ptr<Pool> pool_;
  std::mutex mutex_;
  std::vector<Block> blocks_;
  bool grew_ = false;
};

}  // namespace vg::cuda
