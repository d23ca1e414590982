// Once it has seen all data, a pipeline allocates nothing for a sample: what operators, drivers and
// the executor need is there. Counted are the global `operator new` of this program, which
// everything in the library but the codecs' own libraries goes through. Images come from memory:
// files and codecs are not ours to count. Python's objects are not there either.
#include <gtest/gtest.h>

#include "counting_new.h"
#include "exec/source.h"
#include "variegate/auto_aug.h"
#include "variegate/ops.h"

namespace vg {
namespace {

/// For every batch, not for its samples. The user may keep a batch as long as he likes, so that
/// these belong to it: the list of outputs and the list of samples of the one output, the owner of
/// its pixels, ids, epochs and paddings, the owner of its programs. And while it is put together,
/// a list of the samples that it holds.
constexpr int64_t kOfABatch = 8;
/// In all: tables of filter weights grow to what the largest window so far needs. The windows of
/// the second epoch are others than those of the first.
constexpr int64_t kOfTables = 4;
constexpr int kImages = 96;

/// Images of a few sizes, in memory.
class Images : public Source {
 public:
  Images() {
    uint32_t noise = 1;
    for (int i = 0; i < kImages; i++) {
      const Tensor image = Tensor::allocate({DType::Uint8, Shape{48 + 8 * (i % 3), 64, 3}, "HWC"});
      for (int64_t at = 0; at < image.bytes(); at++) {
        noise = noise * 1664525 + 1013904223;
        image.as<uint8_t>()[at] = static_cast<uint8_t>(noise >> 24);
      }
      images_.push_back(image);
    }
  }
  bool indexed() const override { return true; }
  uint64_t size() const override { return kImages; }
  Outcome<int> next_batch(int max_size, uint64_t, SourceBatch& batch) override {
    batch.places.resize(static_cast<size_t>(max_size));
    for (SamplePlace& place : batch.places) {
      place = {next_ % kImages, next_ / kImages, false};
      next_++;
    }
    return max_size;
  }
  Status load(const SourceBatch*, int, uint64_t id, std::span<Tensor> outputs) const override {
    outputs[0] = images_[id];
    return {};
  }

 private:
  std::vector<Tensor> images_;
  uint64_t next_ = 0;
};

/// Allocations of the epoch after the first.
int64_t allocations_of_second_epoch(int batch_size) {
  PipelineOptions options;
  options.batch_size = batch_size;
  options.seed = 7;
  options.prefetch_queue_depth = 1;  // nothing is in flight where counting begins
  Pipeline pipe(options);
  Value image = call("_external_source", {})[0];
  image.node()->attachment = std::make_shared<Images>();
  image = ops::random_resized_crop(image, {.size = {40, 40}});
  image = ops::flip(image, {.horizontal = ops::random::coin_flip({.probability = 0.5})});
  pipe.set_outputs({auto_aug::rand_augment(image, 3, 15)});
  const auto epoch = [&] {
    for (int i = 0; i < kImages; i += batch_size) pipe.run();
  };
  epoch();
  const int64_t before = test::allocations();
  epoch();
  return test::allocations() - before;
}

TEST(Allocations, OfTheSecondEpochAreNoneForSamples) {
  for (const int batch_size : {4, 8, 32})
    EXPECT_LE(allocations_of_second_epoch(batch_size), kOfABatch * kImages / batch_size + kOfTables)
        << "batches of " << batch_size;
}

}  // namespace
}  // namespace vg
