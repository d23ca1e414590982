// Device memory under a byte ceiling: blocks that go back when their last owner lets go, and are
// used again only after the work that still reads them.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "cuda/machine.h"

namespace vg::cuda {

class Pool : public std::enable_shared_from_this<Pool> {
 public:
  Pool(std::shared_ptr<Machine> machine, int64_t max_bytes)
      : machine_(std::move(machine)), max_bytes_(max_bytes) {}
  ~Pool();

  /// A block of at least `bytes`, for work of the machine's own stream.
  Outcome<std::byte*> take(int64_t bytes);
  /// The block may be used again after `marks`.
  void give(std::byte* block, int64_t bytes, std::vector<MarkRef> marks = {});

  Machine& machine() { return *machine_; }
  int64_t bytes_reserved() const { return reserved_; }
  int64_t max_bytes() const { return max_bytes_; }

 private:
  struct Block {
    std::byte* data;
    std::vector<MarkRef> marks;
  };
  void trim_locked();
  static int64_t size_class(int64_t bytes);

  std::shared_ptr<Machine> machine_;
  const int64_t max_bytes_;
  std::mutex mutex_;
  std::map<int64_t, std::vector<Block>> free_;
  std::atomic<int64_t> reserved_{0};
};

/// Pieces of larger blocks for one batch. A piece that was given back serves again at once: all of
/// it is work of one stream.
class Chunks {
 public:
  Chunks(std::shared_ptr<Pool> pool, int64_t chunk) : pool_(std::move(pool)), chunk_(chunk) {}
  ~Chunks();
  Outcome<std::byte*> take(int64_t bytes);
  void give(std::byte* piece, int64_t bytes) { free_[rounded(bytes)].push_back(piece); }
  /// As that of Staging.
  bool grew() { return std::exchange(grew_, false); }
  /// All pieces are free again; the blocks stay.
  void reset();
  /// What was handed out since the last reset, as runs of memory.
  struct Run {
    std::byte* data;
    int64_t bytes;
  };
  std::vector<Run> used() const;

 private:
  static int64_t rounded(int64_t bytes) { return (bytes + 255) / 256 * 256; }
  struct Block {
    std::byte* data;
    int64_t size, used;
  };
  std::shared_ptr<Pool> pool_;
  int64_t chunk_;
  std::vector<Block> blocks_;
  bool grew_ = false;
  std::map<int64_t, std::vector<std::byte*>> free_;
};

}  // namespace vg::cuda
