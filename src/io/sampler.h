// Which samples a rank reads, in which order: shuffling, sharding, padding, and where it stands.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "io/block_order.h"
#include "io/permutation.h"

namespace vg {

/// The arguments of a reader that decide its order.
struct SamplerOptions {
  uint64_t samples = 0;  ///< N, the number of samples of the data set
  int64_t shard_id = 0;  ///< the rank, in [0, num_shards)
  int64_t num_shards = 1;
  bool random_shuffle = false;
  bool shuffle_after_epoch = false;
  bool stick_to_shard = false;
  bool pad_last_batch = false;
  uint64_t seed = 0;  ///< of the shuffle; the same on all ranks
};

/// One sample of the stream.
struct SamplePlace {
  uint64_t sample_id = 0;
  uint64_t epoch = 0;
  bool padding = false;  ///< repeats the rank's last sample so that steps or batches are full
  bool operator==(const SamplePlace&) const = default;
};

/// Where all ranks stand; equal on all of them after equally many steps.
struct SamplerState {
  uint64_t samples = 0;
  bool shuffled = false, stick = false, padded = false;
  uint64_t seed = 0;        ///< shuffled
  uint64_t position = 0;    ///< shuffled: samples of the endless stream that were taken
  uint64_t epoch = 0;       ///< in index order: all epochs before it are done
  std::vector<Cut> cuts{};  ///< in index order: what was taken since, cut by cut
  bool operator==(const SamplerState&) const = default;

  std::string to_json() const;
  static Outcome<SamplerState> from_json(std::string_view text);
};

/// What the ranks still have to take until an epoch has ended for them: the rank with the fewest
/// samples, and the one with the most.
struct EpochRest {
  uint64_t epoch = 0, fewest = 0, most = 0;
  bool operator==(const EpochRest&) const = default;
};

/// The endless stream of one rank, in constant memory (a resumed stream in index order: memory for
/// what the former ranks left of their epoch).
class Sampler {
 public:
  /// Fails if the options contradict each other; messages begin with the argument.
  static Outcome<Sampler> make(const SamplerOptions& options);

  SamplePlace next();
  /// Fills a batch. With pad_last_batch an epoch ends with the batch, filled with padding.
  void next_batch(std::span<SamplePlace> batch);

  SamplerState state() const;
  /// Goes to a state, saved under any number of shards. Fails if it belongs to other data or to
  /// another order.
  Status seek(const SamplerState& state);
  /// Goes to the beginning of an epoch.
  void begin(uint64_t epoch);

  /// Counted from here, padding not included; the same on all ranks after equally many steps.
  EpochRest rest_of(uint64_t epoch) const;
  /// The first epoch of which some rank has samples to take.
  EpochRest rest_of_epoch() const;

  uint64_t epoch_size() const { return options_.samples; }
  /// What all ranks read in an epoch, padding included.
  uint64_t epoch_size_padded() const;

 private:
  explicit Sampler(const SamplerOptions& options);
  bool shuffled() const { return options_.random_shuffle || options_.shuffle_after_epoch; }
  SamplePlace shuffled_at(uint64_t step);
  SamplePlace block_at(uint64_t step) const;
  uint64_t epoch_end() const;
  uint64_t steps_of_epoch() const;

  SamplerOptions options_;
  uint64_t rank_, shards_;
  uint64_t step_ = 0;  ///< taken by this rank since base_, or since the beginning of order_
  uint64_t base_ = 0;  ///< shuffled: position of all ranks at step 0
  uint64_t permuted_epoch_ = 0;
  Permutation permutation_;
  SamplerState start_;  ///< in index order: the state at step 0
  BlockOrder order_;
};

}  // namespace vg
