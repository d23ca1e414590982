// Pipelines with a GPU that the host plays: the bytes of the host, whatever the graph and the ring
// do.
#include "device_pipelines.h"
#include "ops/callback.h"
#include "run_op.h"

namespace vg {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Device, AutomaticAugmentationEqualsTheHost) {
  for (int n : {1, 3})
    for (int batch : {1, 7})
      expect_equal({.batch = batch}, 3, [&](const Inputs& in, const CallOptions& where) {
        const Value image = to_device(cropped(in.image), where);
        return std::vector<Value>{normalised(auto_aug::rand_augment(image, n, 9), where), in.label};
      });
}

TEST(Device, APlainUploadEqualsTheHost) {
  expect_equal({}, 3, [](const Inputs& in, const CallOptions& where) {
    return std::vector<Value>{to_device(in.image, where), to_device(in.label, where)};
  });
}

TEST(Device, OutputsAreOnTheDevice) {
  const cuda::EmulatedGpu gpu;
  const Folder folder;
  Pipeline pipe = make(folder, {}, true, [](const Inputs& in, const CallOptions& where) {
    return std::vector<Value>{call("brightness", {in.image}, {{"brightness", 1.5}}, where)[0],
                              in.label};
  });
  const Batch batch = pipe.run();
  EXPECT_TRUE(batch.outputs[0].gpu);
  for (const Tensor& t : batch.outputs[0].samples) ASSERT_NE(t.device, nullptr);
  for (const Tensor& t : batch.outputs[1].samples) EXPECT_EQ(t.device, nullptr);
  EXPECT_GT(pipe.stats().launches, 0u);
  EXPECT_GT(pipe.stats().device_bytes, 0);
}

TEST(Device, OutputsOfTheHostArePinnedForCopies) {
  const cuda::EmulatedGpu gpu;
  const auto large = [](const Inputs& in, const CallOptions&) {
    return std::vector<Value>{
        call("resize", {in.image}, {{"size", std::vector<double>{200, 200}}})[0], in.label};
  };
  const size_t before = cuda::EmulatedMachine::registered();
  for (const bool pinned : {true, false}) {
    PipelineOptions o = options({});
    o.pin_for = pinned ? 0 : -1;
    Batch batch;
    {
      Pipeline pipe(o);
      pipe.set_outputs(large(read(any_folder(), false), {}));
      for (int i = 0; i < 5; i++) {
        batch = pipe.run();
        for (const Tensor& t : batch.outputs[0].samples)
          ASSERT_EQ(cuda::EmulatedMachine::is_registered(t.data.get()), pinned);
      }
      EXPECT_EQ(pipe.stats().pinned_bytes > 0, pinned);
      EXPECT_LE(pipe.stats().pinned_bytes, pipe.stats().host_bytes);
    }
    EXPECT_EQ(cuda::EmulatedMachine::registered() > before, pinned);  // the batch is held
    batch = {};
    EXPECT_EQ(cuda::EmulatedMachine::registered(), before);
  }
}

TEST(Device, WithoutAGpuNothingIsPinned) {
  PipelineOptions o = options({});
  o.pin_for = 7;  // there is none of that number
  Pipeline pipe(o);
  pipe.set_outputs({read(any_folder(), false).label});
  EXPECT_GT(pipe.run().size(), 0);
  EXPECT_EQ(pipe.stats().pinned_bytes, 0);
}

TEST(Device, AResultOfTheDeviceSteersThePlanOfTheHost) {
  expect_equal({}, 3, [](const Inputs& in, const CallOptions& where) {
    const Value image = to_device(cropped(in.image), where);
    const Value bright = call("brightness", {image}, {{"brightness", 1.25}}, where)[0];
    CallOptions host;
    host.device = "cpu";
    const Value mean = call("copy", {call("reductions.mean", {bright}, {}, where)[0]}, {}, host)[0];
    const Value light = call("_gt", {mean, constant(120.0f)}, {}, host)[0];
    return std::vector<Value>{
        select(light, call("_solarize", {bright}, {{"threshold", 100.0}}, where)[0], bright), mean};
  });
}

TEST(Device, WhatHasNoFormThereRunsOnTheHost) {
  const Build build = [](const Inputs& in, const CallOptions& where) {
    const Value bright = call("brightness", {in.image}, {{"brightness", 1.25}}, where)[0];
    const Value rough =
        call("jpeg_compression_distortion", {bright}, {{"quality", int64_t{20}}}, where)[0];
    return std::vector<Value>{call("brightness", {rough}, {{"brightness", 0.5}}, where)[0]};
  };
  expect_equal({}, 3, build);
  const cuda::EmulatedGpu gpu;
  Pipeline pipe = make(any_folder(), {}, true, build);
  pipe.run();
  EXPECT_THAT(pipe.stats().on_host, ElementsAre("jpeg_compression_distortion"));
}

TEST(Device, BatchOperatorsSeeDataOfTheDevice) {
  expect_equal({}, 3, [](const Inputs& in, const CallOptions& where) {
    const Value small = call("resize", {in.image}, {{"resize_shorter", 20.0}}, where)[0];
    const Value padded = call("pad", {small}, {}, where)[0];
    return std::vector<Value>{call("brightness", {padded}, {{"brightness", 1.5}}, where)[0]};
  });
}

TEST(Device, DamagedFilesAreTreatedAsOnTheHost) {
  const Folder folder({1, 5, 9, 20});
  for (OnError mode : {OnError::Skip, OnError::Replace, OnError::Blank})
    expect_equal(
        {.on_error = mode}, 6,
        [](const Inputs& in, const CallOptions& where) {
          const Value image = to_device(cropped(in.image), where);
          return std::vector<Value>{call("brightness", {image}, {{"brightness", 1.5}}, where)[0],
                                    in.label};
        },
        folder);
}

TEST(Device, ReplayGivesTheBytesOfTheRun) {
  const cuda::EmulatedGpu gpu;
  Pipeline pipe = make(any_folder(), {}, true, [](const Inputs& in, const CallOptions& where) {
    return std::vector<Value>{auto_aug::rand_augment(to_device(cropped(in.image), where), 2, 9)};
  });
  const Batch batch = pipe.run();
  for (size_t i = 0; i < batch.sample_ids.size(); i++) {
    const Batch again = pipe.replay(batch.sample_ids[i], batch.epochs[i]);
    EXPECT_EQ(bytes(again.outputs[0].samples[0]), bytes(batch.outputs[0].samples[i]));
  }
}

TEST(Device, AHeldOutputSurvivesLaterBatches) {
  const cuda::EmulatedGpu gpu;
  Pipeline pipe = make(any_folder(), {}, true, [](const Inputs& in, const CallOptions& where) {
    return std::vector<Value>{call("brightness", {in.image}, {{"brightness", 1.5}}, where)[0]};
  });
  const Batch held = pipe.run();
  const std::vector<std::string> before = contents(held);
  for (int i = 0; i < 10; i++) pipe.run();
  EXPECT_EQ(contents(held), before);
}

TEST(Device, ACeilingOfMemoryIsAnErrorThatNamesIt) {
  const cuda::EmulatedGpu gpu;
  const Folder folder;
  PipelineOptions o = options({});
  o.device_id = 0;
  o.max_gpu_bytes = 1 << 20;
  Pipeline pipe(o);
  CallOptions where;
  where.device = "gpu";
  pipe.set_outputs({call("brightness", {read(folder).image}, {}, where)[0]});
  std::string message;
  EXPECT_EQ(kind_of([&] { pipe.run(); }, &message), ErrorKind::Memory);
  EXPECT_THAT(message, HasSubstr("max_gpu_bytes"));
}

TEST(Device, ANumberThatNoGpuHasIsRefused) {
  const cuda::EmulatedGpu gpu;
  const Folder folder;
  PipelineOptions o = options({});
  o.device_id = 3;
  Pipeline pipe(o);
  CallOptions where;
  where.device = "gpu";
  pipe.set_outputs({call("brightness", {read(folder).image}, {}, where)[0]});
  std::string message;
  EXPECT_EQ(kind_of([&] { pipe.build(); }, &message), ErrorKind::Value);
  EXPECT_THAT(message, HasSubstr("device_id = 3"));
}

/// Launches of one batch of RandAugment.
uint64_t launches(int n, size_t operations, int batch) {
  const cuda::EmulatedGpu gpu;
  Pipeline pipe = make(
      any_folder(), {.prefetch = 1, .batch = batch}, true,
      [&](const Inputs& in, const CallOptions& where) {
        auto suite = auto_aug::get_suite("rand_augment");
        while (suite.size() < operations) suite.push_back(suite[suite.size() % 14]);
        suite.resize(operations);
        return std::vector<Value>{normalised(
            auto_aug::apply_rand_augment(suite, to_device(cropped(in.image), where), n, 9), where)};
      });
  pipe.run();
  return pipe.stats().launches;
}

TEST(Device, LaunchesFollowTheDepthOfThePolicy) {
  // A batch of 60 draws every kind of operation in every step, and is done in tiles.
  for (int n : {1, 2, 3}) EXPECT_EQ(launches(n, 14, 60), launches(n, 40, 60));
  const uint64_t step = launches(2, 14, 60) - launches(1, 14, 60);
  EXPECT_EQ(launches(3, 14, 60) - launches(2, 14, 60), step);
  // In a larger one each image has a block of threads for all its steps.
  for (int n : {1, 2, 3})
    for (size_t operations : {14, 40}) EXPECT_EQ(launches(n, operations, 200), launches(1, 14, 64));
}

}  // namespace
}  // namespace vg
