// The order of readers: DALI's own sequences, and the promises of shuffling, sharding and resuming.
#include "io/sampler.h"
#include "source_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <numeric>
#include <random>
#include <sstream>

namespace vg {
namespace {

using testing::HasSubstr;

Sampler sampler(const SamplerOptions& options) { return Sampler::make(options).take(); }

struct Order {
  bool shuffled, stick, padded;
};
const Order kOrders[] = {{true, false, false}, {true, false, true},  {false, false, false},
                         {false, false, true}, {false, true, false}, {false, true, true}};

SamplerOptions options_of(uint64_t samples, int64_t shards, int64_t rank, Order order) {
  return {samples, rank, shards, order.shuffled, false, order.stick, order.padded, 7};
}

std::vector<Sampler> ranks(uint64_t samples, int64_t shards, Order order) {
  std::vector<Sampler> all;
  for (int64_t rank = 0; rank < shards; rank++)
    all.push_back(sampler(options_of(samples, shards, rank, order)));
  return all;
}

/// How often every id came, by epoch.
using Counts = std::map<uint64_t, std::vector<int>>;

void count(Counts& counts, uint64_t samples, const SamplePlace& place) {
  auto& epoch = counts[place.epoch];
  epoch.resize(samples);
  epoch.at(place.sample_id) += place.padding ? 0 : 1;
}

/// Every id once in each epoch that is over, at most once in the others.
void expect_each_once(const Counts& counts, uint64_t finished) {
  for (const auto& [epoch, ids] : counts) {
    const auto [least, most] = std::minmax_element(ids.begin(), ids.end());
    EXPECT_LE(*most, 1) << "epoch " << epoch;
    if (epoch < finished) {
      EXPECT_EQ(*least, 1) << "epoch " << epoch;
    }
  }
}

TEST(Sampler, UnshuffledOrderIsDalis) {
  std::ifstream file(test::source_dir() + "/tests/golden/selection/readers_file.txt");
  std::string line;
  int cases = 0;
  while (std::getline(file, line)) {
    if (line.starts_with('#')) continue;
    SCOPED_TRACE(line);
    std::istringstream text(line);
    SamplerOptions options;
    size_t batch_size = 0;
    uint64_t epoch_size = 0, meta_size = 0, meta_padded = 0;
    char colon = 0;
    text >> options.samples >> options.shard_id >> options.num_shards >> options.pad_last_batch >>
        options.stick_to_shard >> batch_size >> epoch_size >> meta_size >> meta_padded >> colon;
    const std::vector<uint64_t> want{std::istream_iterator<uint64_t>(text), {}};
    ASSERT_FALSE(want.empty());
    Sampler reader = sampler(options);
    EXPECT_EQ(reader.epoch_size_padded(), epoch_size);
    EXPECT_EQ(reader.epoch_size_padded(), meta_padded);
    EXPECT_EQ(reader.epoch_size(), meta_size);
    std::vector<SamplePlace> batch(batch_size);
    std::vector<uint64_t> got;
    while (got.size() < want.size()) {
      reader.next_batch(batch);
      for (const SamplePlace& place : batch) got.push_back(place.sample_id);
    }
    EXPECT_EQ(got, want);
    cases++;
  }
  EXPECT_EQ(cases, 144);
}

TEST(Sampler, RanksTogetherReadEveryIdOnceAnEpoch) {
  for (const Order& order : kOrders)
    for (uint64_t samples : {1, 2, 5, 7, 12, 31, 100})
      for (int64_t shards : {1, 2, 3, 5, 8})
        for (size_t batch_size : {1, 2, 3, 8}) {
          if (static_cast<uint64_t>(shards) > samples) continue;
          auto all = ranks(samples, shards, order);
          Counts counts;
          std::vector<SamplePlace> batch(batch_size);
          uint64_t finished = ~uint64_t{0};
          for (Sampler& reader : all) {
            for (uint64_t steps = 0; steps < 4 * samples + 1; steps += batch_size) {
              reader.next_batch(batch);
              for (const SamplePlace& place : batch) count(counts, samples, place);
            }
            // Ranks without padding drift apart by their blocks; the slowest says what is over.
            finished = std::min(finished, reader.next().epoch);
          }
          EXPECT_GE(finished, 1u);
          expect_each_once(counts, finished);
        }
}

TEST(Sampler, PaddingRepeatsTheLastSampleAndEndsWithTheBatch) {
  for (bool shuffled : {false, true}) {
    Sampler reader = sampler({10, 2, 3, shuffled, false, false, true, 7});
    std::vector<SamplePlace> batch(6);
    reader.next_batch(batch);
    const bool longest = !shuffled;  // of 10 samples, the third of three blocks has four
    EXPECT_EQ(std::count_if(batch.begin(), batch.end(), [](auto& p) { return p.padding; }),
              longest ? 2 : 3);
    EXPECT_EQ(batch[5].sample_id, batch[longest ? 3 : 2].sample_id);
    EXPECT_EQ(batch[5].epoch, 0u);
    EXPECT_EQ(reader.next().epoch, 1u);
  }
}

TEST(Sampler, AStateGoesOnUnderTheSameShards) {
  for (const Order& order : kOrders)
    for (int64_t rank = 0; rank < 3; rank++) {
      Sampler reader = sampler(options_of(11, 3, rank, order));
      for (int step = 0; step < 40; step++) {
        Sampler resumed = sampler(options_of(11, 3, rank, order));
        const auto state = SamplerState::from_json(reader.state().to_json());
        ASSERT_TRUE(state.ok()) << state.failure().message;
        EXPECT_EQ(*state, reader.state());
        ASSERT_TRUE(resumed.seek(*state).ok());
        EXPECT_EQ(resumed.state(), reader.state());
        Sampler original = reader;
        for (int i = 0; i < 20; i++) ASSERT_EQ(resumed.next(), original.next());
        reader.next();
      }
    }
}

TEST(Sampler, StatesAreEqualOnAllRanks) {
  for (const Order& order : kOrders) {
    auto all = ranks(11, 4, order);
    std::vector<SamplePlace> batch(3);
    for (int step = 0; step < 20; step++) {
      for (Sampler& reader : all) {
        reader.next_batch(batch);
        if (&reader != all.data()) {
          EXPECT_EQ(reader.state(), all[0].state());
        }
      }
    }
  }
}

TEST(Sampler, NothingIsLostOrReadTwiceWhenTheShardsChange) {
  std::mt19937 random(1);
  for (const Order& order : kOrders)
    for (int trial = 0; trial < 300; trial++) {
      const uint64_t samples = 1 + random() % 40;
      SamplerState state = sampler(options_of(samples, 1, 0, order)).state();
      Counts counts;
      uint64_t finished = 0;
      for (int change = 0; change < 5; change++) {
        const int64_t shards = 1 + random() % std::min<uint64_t>(samples, 9);
        const uint64_t steps = random() % (2 * samples);
        const size_t batch_size = 1 + random() % 4;
        std::vector<SamplePlace> batch(batch_size);
        SamplerState next;
        uint64_t slowest = ~uint64_t{0};
        for (Sampler& reader : ranks(samples, shards, order)) {
          ASSERT_TRUE(reader.seek(state).ok());
          for (uint64_t step = 0; step < steps; step += batch_size) {
            reader.next_batch(batch);
            for (const SamplePlace& place : batch) count(counts, samples, place);
          }
          next = reader.state();
          slowest = std::min(slowest, reader.next().epoch);
        }
        finished = slowest;
        state = SamplerState::from_json(next.to_json()).take();
      }
      expect_each_once(counts, finished);
      if (HasFailure()) {
        FAIL() << "shuffled " << order.shuffled << " stick " << order.stick << " padded "
               << order.padded << " N " << samples << " " << state.to_json();
      }
    }
}

TEST(Sampler, ASeekOverManyEpochsTakesNoTime) {
  SamplerState state = sampler({1'300'000, 0, 8}).state();
  state.cuts = {{8, 1'000'000'000'000}};
  Sampler reader = sampler({1'300'000, 3, 5});
  ASSERT_TRUE(reader.seek(state).ok());
  EXPECT_EQ(reader.next().epoch, 8 * 1'000'000'000'000 / 1'300'000);
}

TEST(Sampler, ShufflesArePermutationsEqualOnAllRanks) {
  for (uint64_t samples = 1; samples <= 300; samples++) {
    const Permutation permutation(samples, hash64(samples));
    std::vector<bool> seen(samples);
    for (uint64_t i = 0; i < samples; i++) {
      ASSERT_LT(permutation(i), samples);
      seen[permutation(i)] = true;
    }
    EXPECT_EQ(std::count(seen.begin(), seen.end(), true), static_cast<ptrdiff_t>(samples));
  }
  Sampler whole = sampler({101, 0, 1, true, false, false, false, 5});
  auto all = ranks(101, 4, {true, false, false});
  std::vector<uint64_t> first, second;
  Sampler alone = sampler(options_of(101, 1, 0, {true, false, false}));
  for (int i = 0; i < 101; i++) {
    const SamplePlace place = alone.next();
    EXPECT_EQ(all[i % 4].next(), place);
    first.push_back(place.sample_id);
  }
  for (int i = 0; i < 101; i++) second.push_back(alone.next().sample_id);
  EXPECT_NE(first, second);
  EXPECT_NE(first[0] * 101 + first[1], whole.next().sample_id * 101 + whole.next().sample_id);
}

/// Chi-square of counts that should be equal, in standard deviations from its mean.
double surprise(const std::vector<int>& counts) {
  const double mean =
      std::accumulate(counts.begin(), counts.end(), 0.0) / static_cast<double>(counts.size());
  double sum = 0;
  for (int n : counts) sum += (n - mean) * (n - mean) / mean;
  const double freedom = static_cast<double>(counts.size()) - 1;
  return (sum - freedom) / std::sqrt(2 * freedom);
}

TEST(Sampler, ShufflesAreUniform) {
  for (uint64_t samples : {2, 3, 4, 5, 7, 10, 16, 100}) {
    std::vector<int> firsts(samples), lasts(samples), steps(samples);
    for (uint64_t key = 0; key < 200 * samples; key++) {
      const Permutation permutation(samples, hash64(key, samples));
      firsts[permutation(0)]++;
      lasts[permutation(samples - 1)]++;
      steps[(permutation(1) + samples - permutation(0)) % samples]++;
    }
    EXPECT_LT(std::abs(surprise(firsts)), 4.5) << samples;
    EXPECT_LT(std::abs(surprise(lasts)), 4.5) << samples;
    EXPECT_EQ(steps[0], 0);
    steps.erase(steps.begin());
    if (samples > 2) {
      EXPECT_LT(std::abs(surprise(steps)), 4.5) << samples;
    }
  }
  // All 24 orders of four.
  std::map<uint64_t, int> orders;
  for (uint64_t key = 0; key < 24'000; key++) {
    const Permutation p(4, hash64(key));
    orders[p(0) * 64 + p(1) * 16 + p(2) * 4 + p(3)]++;
  }
  ASSERT_EQ(orders.size(), 24u);
  std::vector<int> counts;
  for (const auto& [order, n] : orders) counts.push_back(n);
  EXPECT_LT(std::abs(surprise(counts)), 4.5);
}

TEST(Sampler, RefusesWhatContradictsItself) {
  const auto message = [](const SamplerOptions& options) {
    const auto made = Sampler::make(options);
    return made.ok() ? "" : made.failure().message;
  };
  EXPECT_THAT(message({1, 2, 2}), HasSubstr("num_shards"));
  EXPECT_THAT(message({1, 0, 2}), HasSubstr("num_shards = 2"));
  EXPECT_THAT(message({1, -1, 1}), HasSubstr("shard_id = -1"));
  EXPECT_THAT(message({1, 0, 0}), HasSubstr("num_shards = 0"));
  EXPECT_THAT(message({1, 0, 1, true, true}), HasSubstr("shuffle_after_epoch and random_shuffle"));
  EXPECT_THAT(message({1, 0, 1, false, true, true}), HasSubstr("stick_to_shard"));
}

TEST(Sampler, RefusesStatesOfOtherReaders) {
  Sampler reader = sampler({10, 0, 2, true, false, false, false, 7});
  EXPECT_FALSE(reader.seek(sampler({11, 0, 2, true, false, false, false, 7}).state()).ok());
  EXPECT_FALSE(reader.seek(sampler({10, 0, 2, true, false, false, false, 8}).state()).ok());
  EXPECT_FALSE(reader.seek(sampler({10, 0, 2}).state()).ok());
  EXPECT_FALSE(sampler({10, 0, 2}).seek(sampler({10, 0, 2, false, false, true}).state()).ok());
  for (const char* text : {"", "[]", "{}", "{\"samples\": -1, \"shuffled\": true}",
                           "{\"samples\": 1, \"shuffled\": false, \"stick\": false, "
                           "\"padded\": false, \"epoch\": 0, \"cuts\": [[1]]}"})
    EXPECT_FALSE(SamplerState::from_json(text).ok()) << text;
  SamplerState damaged = sampler({10, 0, 2}).state();
  damaged.cuts = {{0, 1}};
  EXPECT_FALSE(sampler({10, 0, 2}).seek(damaged).ok());
}

}  // namespace
}  // namespace vg
