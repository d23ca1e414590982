// Host memory that travels to the device: workers take pieces of it at the same time, and all of it
// goes over in as few copies as there are blocks.
#pragma once

#include <mutex>
#include <vector>

#include "cuda/pool.h"

namespace vg::cuda {

class Staging {
 public:
  /// What of it goes over: all that was taken, or what was asked for with `bring`.
  enum class Sends { All, Chosen };
  explicit Staging(std::shared_ptr<Pool> pool, Sends sends = Sends::All)
      : pool_(std::move(pool)), sends_(sends) {}
  ~Staging();

  struct Piece {
    std::byte* host;
    std::byte* device;
  };
  Outcome<Piece> take(int64_t bytes);
  /// Where the next `upload` brings bytes that lie in a piece; null: in none.
  std::byte* bring(const std::byte* host, int64_t bytes);
  /// Copies what was taken, or asked for, since the last time.
  Status upload();
  /// The copies are done: all of it may be written again. Blocks that a batch has filled together
  /// become one.
  void reset();

 private:
  struct Run {
    int64_t begin, end;
  };
  struct Block {
    std::byte *host, *device;
    int64_t size, used, sent;
    std::vector<Run> chosen = {};
  };
  static void join(std::vector<Run>& runs);
  void release(const Block& b);
  Outcome<Block> make(int64_t bytes);

  static constexpr int64_t kFirst = int64_t{4} << 20;
  /// A copy costs the host as much as so many bytes more cost the bus.
  static constexpr int64_t kGap = int64_t{64} << 10;
  std::shared_ptr<Pool> pool_;
  Sends sends_;
  std::mutex mutex_;
  std::vector<Block> blocks_;
};

}  // namespace vg::cuda
