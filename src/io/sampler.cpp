// The order of a reader. Shuffled, the ranks take turns on one endless stream; unshuffled, each
// walks through blocks of its own.
#include "io/sampler.h"

#include <algorithm>

namespace vg {
namespace {

uint64_t key_of(uint64_t seed, uint64_t epoch) { return hash64(hash64(seed, "shuffle"), epoch); }

uint64_t divide_up(uint64_t a, uint64_t b) { return (a + b - 1) / b; }

}  // namespace

Outcome<Sampler> Sampler::make(const SamplerOptions& o) {
  if (o.num_shards < 1) return fail("num_shards = {} is not positive", o.num_shards);
  if (o.shard_id < 0 || o.shard_id >= o.num_shards)
    return fail("shard_id = {} is not in [0, num_shards = {})", o.shard_id, o.num_shards);
  if (o.shuffle_after_epoch && o.random_shuffle)
    return fail("shuffle_after_epoch and random_shuffle cannot be used together");
  if (o.shuffle_after_epoch && o.stick_to_shard)
    return fail("shuffle_after_epoch and stick_to_shard cannot be used together");
  if (static_cast<uint64_t>(o.num_shards) > o.samples)
    return fail("num_shards = {} is more than the {} samples of the data set", o.num_shards,
                o.samples);
  return Sampler(o);
}

Sampler::Sampler(const SamplerOptions& options)
    : options_(options),
      rank_(static_cast<uint64_t>(options.shard_id)),
      shards_(static_cast<uint64_t>(options.num_shards)),
      permutation_(options.samples, key_of(options.seed, 0)),
      order_(options.samples, 0, options.stick_to_shard) {
  start_.samples = options.samples;
  start_.shuffled = shuffled();
  // The flags that only one of the orders knows are left out of the other's state.
  start_.seed = shuffled() ? options.seed : 0;
  start_.stick = !shuffled() && options.stick_to_shard;
  start_.padded = !shuffled() && options.pad_last_batch;
}

uint64_t Sampler::epoch_size_padded() const {
  return options_.pad_last_batch ? divide_up(options_.samples, shards_) * shards_
                                 : options_.samples;
}

/// Steps of every rank, padding included, from step 0 to the end of the epoch.
uint64_t Sampler::steps_of_epoch() const {
  const uint64_t rest = shuffled() ? options_.samples - base_ % options_.samples : order_.first();
  return divide_up(rest, shards_);
}

/// Shuffled: the position at which the epoch of step 0 ends.
uint64_t Sampler::epoch_end() const { return (base_ / options_.samples + 1) * options_.samples; }

SamplePlace Sampler::shuffled_at(uint64_t step) {
  uint64_t position = base_ + rank_ + step * shards_;
  const bool padding = options_.pad_last_batch && position >= epoch_end();
  if (padding) {
    // The last place of this rank in the epoch, also if that was read before a resume.
    const uint64_t last = epoch_end() - 1;
    position = last - (last % shards_ + shards_ - (base_ + rank_) % shards_) % shards_;
  }
  const uint64_t epoch = position / options_.samples;
  if (epoch != permuted_epoch_) {
    permutation_ = Permutation(options_.samples, key_of(options_.seed, epoch));
    permuted_epoch_ = epoch;
  }
  return {permutation_(position % options_.samples), epoch, padding};
}

SamplePlace Sampler::block_at(uint64_t step) const {
  if (!options_.pad_last_batch) {
    const BlockOrder::Place place = order_.at(rank_, shards_, step);
    return {place.sample_id, place.epoch, false};
  }
  const BlockOrder::Piece mine = order_.piece(rank_, shards_);
  const bool padding = step >= mine.size();
  uint64_t index = mine.begin + step;
  if (padding) index = mine.size() > 0 ? mine.end - 1 : order_.first() - 1;
  return {order_.id(index), order_.epoch(), padding};
}

void Sampler::begin(uint64_t epoch) {
  step_ = 0;
  if (shuffled()) {
    base_ = epoch * options_.samples;
    return;
  }
  start_.epoch = epoch;
  start_.cuts.clear();
  order_ = BlockOrder(options_.samples, epoch, options_.stick_to_shard);
}

EpochRest Sampler::rest_of(uint64_t epoch) const {
  const auto after_step = [&](uint64_t samples) { return samples - std::min(samples, step_); };
  if (shuffled()) {
    const uint64_t end = (epoch + 1) * options_.samples;
    const uint64_t samples = end - std::min(end, base_);
    return {epoch, after_step(samples / shards_), after_step(divide_up(samples, shards_))};
  }
  EpochRest rest{epoch, ~uint64_t{0}, 0};
  for (uint64_t rank = 0; rank < shards_; rank++) {
    const uint64_t samples = after_step(order_.until_end_of(epoch, rank, shards_));
    rest.fewest = std::min(rest.fewest, samples);
    rest.most = std::max(rest.most, samples);
  }
  return rest;
}

EpochRest Sampler::rest_of_epoch() const {
  if (shuffled()) return rest_of((base_ + step_ * shards_) / options_.samples);
  // Those before this one have ended for all ranks: none takes more of an epoch than this.
  uint64_t epoch = order_.epoch() + step_ / divide_up(options_.samples, shards_);
  while (rest_of(epoch).most == 0) epoch++;
  return rest_of(epoch);
}

SamplePlace Sampler::next() {
  const SamplePlace place = shuffled() ? shuffled_at(step_) : block_at(step_);
  step_++;
  if (options_.pad_last_batch && step_ == steps_of_epoch())
    begin(shuffled() ? epoch_end() / options_.samples : order_.epoch() + 1);
  return place;
}

void Sampler::next_batch(std::span<SamplePlace> batch) {
  for (size_t i = 0; i < batch.size(); i++) {
    const bool epoch_ended = options_.pad_last_batch && step_ == 0 && i > 0;
    if (epoch_ended) {
      batch[i] = batch[i - 1];
      batch[i].padding = true;
    } else {
      batch[i] = next();
    }
  }
}

SamplerState Sampler::state() const {
  SamplerState state = start_;
  if (shuffled()) {
    state.position = base_ + step_ * shards_;
    if (options_.pad_last_batch) state.position = std::min(state.position, epoch_end());
  } else if (step_ > 0) {
    state.cuts.push_back({shards_, step_});
  }
  return state;
}

Status Sampler::seek(const SamplerState& state) {
  if (state.samples != options_.samples)
    return fail("the state belongs to {} samples, the data set has {}", state.samples,
                options_.samples);
  if (state.shuffled != start_.shuffled)
    return fail("the state belongs to a reader {} shuffling", state.shuffled ? "with" : "without");
  if (state.seed != start_.seed)
    return fail("the state belongs to the seed {}, not {}", state.seed, start_.seed);
  if (state.stick != start_.stick || state.padded != start_.padded)
    return fail("the state belongs to stick_to_shard = {}, pad_last_batch = {}", state.stick,
                state.padded);
  for (const Cut& cut : state.cuts)
    if (cut.shards < 1 || cut.shards > options_.samples)
      return fail("the state is damaged: it has a cut into {} shards", cut.shards);

  base_ = state.position;
  step_ = 0;
  start_ = state;
  start_.position = 0;
  order_ = BlockOrder(options_.samples, state.epoch, options_.stick_to_shard);
  if (!start_.cuts.empty() && start_.cuts.back().shards == shards_) {
    step_ = start_.cuts.back().consumed;
    start_.cuts.pop_back();
  }
  for (const Cut& cut : start_.cuts) order_.take(cut, options_.pad_last_batch);
  if (order_.whole()) {
    start_.epoch = order_.epoch();
    start_.cuts.clear();
  }
  return {};
}

}  // namespace vg
