// Images that the device decodes: the bytes, failures and replacements of the host, and what is
// told of the routes.
#include "decoding.h"
#include "device_pipelines.h"

namespace vg {
namespace {

using namespace test;
using testing::Each;
using testing::HasSubstr;

/// Every batch of both, or that both fail.
void expect_same(const Setup& s, const std::string& name, const ArgMap& args = {},
                 bool augmented = false, const Folder& folder = any_folder()) {
  const cuda::EmulatedGpu gpu;
  Pipeline host = decoding(folder, s, false, name, args, augmented);
  Pipeline device = decoding(folder, s, true, name, args, augmented);
  for (int i = 0; i < 3; i++) {
    const Ran a = run_once(host), b = run_once(device);
    ASSERT_EQ(a.story, b.story);
    ASSERT_EQ(contents(a.batch), contents(b.batch)) << "batch " << i;
  }
  EXPECT_GT(device.stats().decoded_on_gpu, 0u);
}

TEST(DeviceDecode, EveryDecoderGivesTheBytesOfTheHost) {
  expect_same({}, "decoders.image");
  expect_same({}, "decoders.image", {{"output_type", int64_t{2}}});
  expect_same({}, "decoders.image", {{"output_type", int64_t{1}}});
  expect_same({}, "decoders.image_random_crop");
  expect_same({}, "decoders.image_crop", {{"crop", std::vector<double>{41, 57}}});
  expect_same({}, "decoders.image_slice",
              {{"start", std::vector<int64_t>{10, 20}}, {"shape", std::vector<int64_t>{33, 31}}});
}

TEST(DeviceDecode, WhatFollowsReadsThePixels) {
  expect_same({.batch = 7}, "decoders.image_random_crop", {}, true);
}

TEST(DeviceDecode, DamagedFilesAreTreatedAsOnTheHost) {
  const Folder folder({0, 5, 13, 14, 15});
  for (OnError e : {OnError::Raise, OnError::Skip, OnError::Replace, OnError::Blank})
    for (bool augmented : {false, true})
      expect_same({.batch = 8, .on_error = e}, "decoders.image", {}, augmented, folder);
}

TEST(DeviceDecode, RoutesAreTold) {
  const cuda::EmulatedGpu gpu;
  Pipeline device = decoding(any_folder(), {}, true, "decoders.image", {}, false);
  for (const Program& p : device.run().programs) EXPECT_EQ(p.text(), "decoders.image(route=gpu)");
  EXPECT_EQ(device.stats().decoded_on_host, 0u);
  Pipeline host =
      decoding(any_folder(), {}, true, "decoders.image", {{"route", std::string("host")}}, false);
  for (const Program& p : host.run().programs) EXPECT_EQ(p.text(), "decoders.image(route=host)");
  EXPECT_EQ(host.stats().decoded_on_gpu, 0u);
  std::string message;
  Pipeline bad =
      decoding(any_folder(), {}, true, "decoders.image", {{"route", std::string("cloud")}}, false);
  kind_of([&] { bad.run(); }, &message);
  EXPECT_THAT(message, HasSubstr("route = \"cloud\""));
}

/// Half of a file is bad data. One whose end marker alone is missing is decoded up to there by
/// libjpeg, which warns; the device leaves it to the host, which refuses it as well.
TEST(DeviceDecode, WhatTheDeviceRefusesTheHostDecodes) {
  const cuda::EmulatedGpu gpu;
  const Folder folder({3});
  Pipeline pipe = decoding(folder, {.batch = kFiles, .on_error = OnError::Skip}, true,
                           "decoders.image", {}, false);
  const Batch batch = pipe.run();
  EXPECT_EQ(batch.size(), kFiles - 1);
  ASSERT_EQ(batch.errors.size(), 1u);
  EXPECT_THAT(batch.errors[0].message, HasSubstr(".jpg"));
  EXPECT_GE(pipe.stats().decoded_on_host, 1u);  // batches that are prefetched have it too
}

}  // namespace
}  // namespace vg
