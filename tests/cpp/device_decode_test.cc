// Images that the device decodes: the bytes, failures and replacements of the host, and what is
// told of the routes.
#include "device_pipelines.h"

namespace vg {
namespace {

using namespace test;
using testing::Each;
using testing::HasSubstr;

std::vector<Value> encoded(const Folder& folder) {
  return call("readers.file", {}, {{"file_root", folder.text()}, {"random_shuffle", true}});
}

/// The decoder `name` on the host, or with device = "mixed".
Pipeline decoding(const Folder& folder, const Setup& s, bool mixed, const std::string& name,
                  const ArgMap& args, bool augmented) {
  PipelineOptions o = options(s);
  o.device_id = mixed ? 0 : -1;
  Pipeline pipe(o);
  CallOptions where;
  where.device = mixed ? "mixed" : "cpu";
  const auto data = encoded(folder);
  Value image = call(name, {data[0]}, args, where)[0];
  if (augmented)
    image = auto_aug::rand_augment(
        call("resize", {image}, {{"size", std::vector<double>{30, 40}}})[0], 2, 9);
  pipe.set_outputs({image, data[1]});
  return pipe;
}

/// Every batch of both, or that both fail.
void expect_same(const Setup& s, const std::string& name, const ArgMap& args = {},
                 bool augmented = false, const Folder& folder = any_folder()) {
  const cuda::EmulatedGpu gpu;
  Pipeline host = decoding(folder, s, false, name, args, augmented);
  Pipeline device = decoding(folder, s, true, name, args, augmented);
  for (int i = 0; i < 3; i++) {
    std::string wanted, got;
    Batch a, b;
    try {
      a = host.run();
    } catch (const Error& e) {
      wanted = e.what();
    }
    try {
      b = device.run();
    } catch (const Error& e) {
      got = e.what();
    }
    ASSERT_EQ(wanted, got);
    ASSERT_EQ(contents(a), contents(b)) << "batch " << i;
    ASSERT_EQ(a.sample_ids, b.sample_ids);
    ASSERT_EQ(a.errors.size(), b.errors.size());
    for (size_t k = 0; k < a.errors.size(); k++) {
      EXPECT_EQ(a.errors[k].message, b.errors[k].message);
      EXPECT_EQ(a.errors[k].replaced_by, b.errors[k].replaced_by);
    }
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
  EXPECT_EQ(pipe.stats().decoded_on_host, 1u);
}

}  // namespace
}  // namespace vg
