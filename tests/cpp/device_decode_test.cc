// Images that the device decodes: the bytes, failures and replacements of the host, and what is
// told of the routes.
#include "decoding.h"
#include "device_pipelines.h"
#include "files_of.h"

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

TEST(DeviceDecode, NvjpegIsARouteOfItsOwn) {
  const cuda::EmulatedGpu gpu;
  const ArgMap route{{"route", std::string("nvjpeg")}};
  const auto with = [&](ArgMap args) {
    args.merge(ArgMap(route));
    return args;
  };
  const Folder damaged({3, 17});
  for (const auto& [name, args] : std::vector<std::pair<std::string, ArgMap>>{
           {"decoders.image", {}},
           {"decoders.image", {{"output_type", int64_t{2}}}},
           {"decoders.image", {{"output_type", int64_t{1}}}},
           {"decoders.image_random_crop", {}},
           {"decoders.image_crop", {{"crop", std::vector<double>{41, 57}}}}})
    for (const Folder* folder : {&any_folder(), &damaged}) {
      SCOPED_TRACE(name);
      const test::Setup s{.batch = 8, .on_error = OnError::Replace};
      // Where libjpeg-turbo stands for it, the bytes are the host's.
      Pipeline host = decoding(*folder, s, false, name, args, args.empty());
      Pipeline device = decoding(*folder, s, true, name, with(args), args.empty());
      for (int i = 0; i < 3; i++) {
        const Ran a = run_once(host), b = run_once(device);
        ASSERT_EQ(a.story, b.story);
        ASSERT_EQ(contents(a.batch), contents(b.batch));
        for (const Program& p : b.batch.programs)
          EXPECT_THAT(p.text(), testing::ContainsRegex("route=(nvjpeg|host)"));
      }
      EXPECT_GT(device.stats().decoded_by_nvjpeg, 16u);
      EXPECT_EQ(device.stats().decoded_on_gpu, 0u);
      EXPECT_EQ(device.stats().decoded_on_host > 0, folder == &damaged);
    }
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

/// A quarter of the ceiling is the decoder's. A batch that needs more is decoded in parts, an image
/// that needs more in bands.
TEST(DeviceDecode, UnderALowCeilingTheDeviceDecodesInParts) {
  std::vector<jpeg_files::File> files;
  for (unsigned i = 0; i < 12; i++)
    files.push_back(jpeg_files::encode({.width = i == 5 ? 3000 : 1100,
                                        .height = i == 5 ? 2500 : 900,
                                        .h = {1, 1, 1},
                                        .v = {1, 1, 1},
                                        .quality = 40,
                                        .noise = 0,
                                        .seed = i + 1}));
  const FilesOf folder(files);
  const cuda::EmulatedGpu gpu;
  const auto run = [&](int device) {
    PipelineOptions o = options({.threads = 2, .prefetch = 1, .batch = 12});
    o.device_id = device;
    o.max_gpu_bytes = int64_t{200} << 20;
    Pipeline pipe(o);
    CallOptions where;
    where.device = device < 0 ? "cpu" : "mixed";
    const auto data = call("readers.file", {}, {{"file_root", folder.text()}});
    const Value image = call("decoders.image", {data[0]}, {}, where)[0];
    const Value sized = call("resize", {image}, {{"size", std::vector<double>{50, 60}}})[0];
    pipe.set_outputs({sized});
    const Batch batch = pipe.run();
    if (device >= 0) {
      EXPECT_EQ(pipe.stats().decoded_on_host, 0u);
      EXPECT_EQ(pipe.stats().decoded_on_gpu, 12u);
      EXPECT_LE(pipe.stats().device_bytes, o.max_gpu_bytes);
      for (const Program& p : batch.programs) EXPECT_THAT(p.text(), HasSubstr("route=gpu"));
    }
    return contents(batch);
  };
  EXPECT_EQ(run(-1), run(0));
}

}  // namespace
}  // namespace vg
