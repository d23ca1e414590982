// Samples in index order, dealt to the ranks in contiguous blocks, and what is left of them.
#pragma once

#include <cstdint>
#include <vector>

namespace vg {

/// So many samples were taken by each of so many ranks.
struct Cut {
  uint64_t shards = 1;
  uint64_t consumed = 0;
  bool operator==(const Cut&) const = default;
};

/// Ids of one epoch that are still to be read, in index order, as runs of neighbours.
class Lap {
 public:
  explicit Lap(uint64_t samples) : size_(samples), runs_{{0, 0}} {}
  Lap() = default;
  uint64_t size() const { return size_; }
  uint64_t id(uint64_t index) const;
  /// Adds the part [begin, end) of another lap.
  void append(const Lap& from, uint64_t begin, uint64_t end);

 private:
  struct Run {
    uint64_t at, id;  // the index of its first sample in this lap, and that sample
  };
  uint64_t size_ = 0;
  std::vector<Run> runs_;
};

/// The order of all ranks from some epoch on. Rank r takes piece (r + epoch) mod S of every epoch,
/// with `stick` always piece r; an epoch of M samples is cut at floor(M * piece / S).
class BlockOrder {
 public:
  BlockOrder() = default;
  BlockOrder(uint64_t samples, uint64_t epoch, bool stick)
      : samples_(samples), epoch_(epoch), stick_(stick) {}

  struct Place {
    uint64_t epoch, sample_id;
  };
  struct Piece {
    uint64_t begin, end;
    uint64_t size() const { return end - begin; }
  };

  /// The `step`-th sample of a rank, epochs end to end.
  Place at(uint64_t rank, uint64_t shards, uint64_t step) const;
  /// The rank's piece of the first epoch, and the sample at an index of that epoch.
  Piece piece(uint64_t rank, uint64_t shards) const { return cut(first(), epoch_, rank, shards); }
  uint64_t id(uint64_t index) const { return laps_.empty() ? index : laps_.front().id(index); }
  uint64_t first() const { return laps_.empty() ? samples_ : laps_.front().size(); }
  uint64_t epoch() const { return epoch_; }
  /// True if every epoch from epoch() on is whole.
  bool whole() const { return laps_.empty(); }
  /// Samples of a rank from epoch() on to the end of `epoch`.
  uint64_t until_end_of(uint64_t epoch, uint64_t rank, uint64_t shards) const;
  /// What is left after the cut. `within_epoch`: no rank went beyond the first epoch.
  void take(Cut cut, bool within_epoch);

 private:
  Piece cut(uint64_t size, uint64_t epoch, uint64_t rank, uint64_t shards) const;
  uint64_t skip(uint64_t epoch, uint64_t shards, std::vector<uint64_t>& left) const;

  uint64_t samples_ = 0, epoch_ = 0;
  bool stick_ = false;
  std::vector<Lap> laps_;  // the epochs that were begun, from epoch_ on; those after them are whole
};

}  // namespace vg
