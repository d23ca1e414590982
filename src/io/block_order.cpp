// Arithmetic of contiguous blocks: who reads what, and what is left when the ranks change.
#include "io/block_order.h"

#include <algorithm>

namespace vg {

uint64_t Lap::id(uint64_t index) const {
  const auto after = std::upper_bound(runs_.begin(), runs_.end(), index,
                                      [](uint64_t i, const Run& run) { return i < run.at; });
  const Run& run = *std::prev(after);
  return run.id + (index - run.at);
}

void Lap::append(const Lap& from, uint64_t begin, uint64_t end) {
  for (size_t i = 0; i < from.runs_.size(); i++) {
    const uint64_t run_end = i + 1 < from.runs_.size() ? from.runs_[i + 1].at : from.size_;
    const uint64_t first = std::max(begin, from.runs_[i].at), last = std::min(end, run_end);
    if (first >= last) continue;
    runs_.push_back({size_, from.runs_[i].id + (first - from.runs_[i].at)});
    size_ += last - first;
  }
}

BlockOrder::Piece BlockOrder::cut(uint64_t size, uint64_t epoch, uint64_t rank,
                                  uint64_t shards) const {
  const uint64_t piece = stick_ ? rank : (rank + epoch) % shards;
  return {size * piece / shards, size * (piece + 1) / shards};
}

BlockOrder::Place BlockOrder::at(uint64_t rank, uint64_t shards, uint64_t step) const {
  uint64_t epoch = epoch_;
  for (const Lap& lap : laps_) {
    const Piece mine = cut(lap.size(), epoch, rank, shards);
    if (step < mine.size()) return {epoch, lap.id(mine.begin + step)};
    step -= mine.size();
    epoch++;
  }
  const Piece mine = cut(samples_, epoch, rank, shards);
  if (stick_) return {epoch + step / mine.size(), mine.begin + step % mine.size()};
  // Rotating, a rank walks around the circle of samples; it begins an epoch at every block's edge.
  const uint64_t place = mine.begin + step;
  const uint64_t block = ((place + 1) * shards - 1) / samples_;
  return {epoch + block - (rank + epoch) % shards, place % samples_};
}

uint64_t BlockOrder::until_end_of(uint64_t epoch, uint64_t rank, uint64_t shards) const {
  uint64_t samples = 0, next = epoch_;
  for (const Lap& lap : laps_) {
    if (next > epoch) return samples;
    samples += cut(lap.size(), next++, rank, shards).size();
  }
  if (next > epoch) return samples;
  const uint64_t epochs = epoch - next + 1;
  const Piece first = cut(samples_, next, rank, shards);
  if (stick_) return samples + epochs * first.size();
  // Rotating, the pieces of a rank are neighbours.
  const uint64_t block = (rank + next) % shards + epochs;
  return samples + block / shards * samples_ + samples_ * (block % shards) / shards - first.begin;
}

void BlockOrder::take(Cut done, bool within_epoch) {
  std::vector<uint64_t> left(done.shards, done.consumed);
  std::vector<Lap> rest;
  uint64_t first = epoch_;
  for (uint64_t epoch = epoch_;; epoch++) {
    const bool begun = epoch - epoch_ < laps_.size();
    if (!begun && !within_epoch && rest.empty()) first = epoch = skip(epoch, done.shards, left);
    if (!begun && std::all_of(left.begin(), left.end(), [](uint64_t n) { return n == 0; })) break;
    const Lap lap = begun ? laps_[epoch - epoch_] : Lap(samples_);
    std::vector<std::pair<Piece, uint64_t>> pieces(done.shards);
    for (uint64_t rank = 0; rank < done.shards; rank++) {
      const Piece piece = cut(lap.size(), epoch, rank, done.shards);
      const uint64_t taken = std::min(left[rank], piece.size());
      left[rank] = within_epoch ? 0 : left[rank] - taken;
      pieces[rank] = {piece, taken};
    }
    // Rotation leaves the ranks out of order.
    std::sort(pieces.begin(), pieces.end(),
              [](const auto& a, const auto& b) { return a.first.end < b.first.end; });
    Lap remaining;
    for (const auto& [piece, taken] : pieces) remaining.append(lap, piece.begin + taken, piece.end);
    if (rest.empty() && remaining.size() == 0)
      first = epoch + 1;
    else
      rest.push_back(std::move(remaining));
  }
  epoch_ = first;
  laps_ = std::move(rest);
}

/// Passes the whole epochs that every rank has finished, without walking through them.
uint64_t BlockOrder::skip(uint64_t epoch, uint64_t shards, std::vector<uint64_t>& left) const {
  const uint64_t longest = (samples_ + shards - 1) / shards;
  while (true) {
    const uint64_t epochs = *std::min_element(left.begin(), left.end()) / longest;
    if (epochs == 0) return epoch;
    for (uint64_t rank = 0; rank < shards; rank++) {
      const Piece mine = cut(samples_, epoch, rank, shards);
      if (stick_) {
        left[rank] -= epochs * mine.size();
        continue;
      }
      const uint64_t block = (rank + epoch) % shards + epochs;
      left[rank] -= block / shards * samples_ + samples_ * (block % shards) / shards - mine.begin;
    }
    epoch += epochs;
  }
}

}  // namespace vg
