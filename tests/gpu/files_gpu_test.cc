// Files of every kind through pipelines on a real GPU, in batches of any size: the bytes of the
// host's codec. The tests named Sanitizer are small enough for compute-sanitizer.
#include "decoding.h"
#include "files_of.h"
#include "on_gpu.h"
#include "photo_files.h"

namespace vg {
namespace {

using namespace test;

class GpuFiles : public testing::Test {
 protected:
  void SetUp() override {
    if (gpu_devices().empty()) GTEST_SKIP() << gpu_problem();
  }
};

/// What is made of the encoded bytes, on that device.
using Make = std::function<std::vector<Value>(const Value& encoded, const CallOptions& where)>;

Pipeline over(const FilesOf& files, const PipelineOptions& options, const Make& make) {
  Pipeline pipe(options);
  CallOptions where;
  where.device = options.device_id == 0 ? "mixed" : "cpu";
  const auto read = call("readers.file", {}, {{"file_root", files.text()}});
  pipe.set_outputs(make(read[0], where));
  return pipe;
}
Pipeline on_host(const FilesOf& files, const test::Setup& s, const Make& make) {
  PipelineOptions o = options(s);
  o.device_id = -1;
  return over(files, o, make);
}
Pipeline on_gpu(const FilesOf& files, const test::Setup& s, const Make& make) {
  return over(files, gpu_options(s), make);
}

std::vector<Value> decoded(const Value& encoded, const CallOptions& where) {
  return {call("decoders.image", {encoded}, {}, where)[0]};
}

/// Notes a hash of each sample's bytes under its number; how many differ from what is there.
int compare(Pipeline& pipe, int64_t samples, std::vector<size_t>& hashes) {
  int different = 0;
  for (int64_t seen = 0; seen < samples;) {
    const Batch batch = pipe.run();
    const auto contents = host_contents(batch);
    for (size_t i = 0; i < contents.size(); i++) {
      size_t& known = hashes[batch.sample_ids[i]];
      const size_t hash = std::hash<std::string>()(contents[i]);
      if (known == 0) known = hash;
      if (known == hash) continue;
      different++;
      if (different < 5) ADD_FAILURE() << "sample " << batch.sample_ids[i] << " differs";
    }
    seen += batch.size();
  }
  return different;
}

TEST_F(GpuFiles, TenThousandInBatchesOfAnySize) {
  constexpr int kCount = 10'000;
  const FilesOf files(jpeg_files::some_files(0, kCount));
  std::vector<size_t> hashes(kCount);
  const int threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  Pipeline host = on_host(files, {.threads = threads, .batch = 256}, decoded);
  EXPECT_EQ(compare(host, kCount, hashes), 0);
  for (int batch : {1, 7, 256, 1024}) {
    SCOPED_TRACE(testing::Message() << "batches of " << batch);
    Pipeline device = on_gpu(files, {.threads = threads, .batch = batch}, decoded);
    EXPECT_EQ(compare(device, kCount, hashes), 0);
    // Those whose planes are too narrow, or whose ratios are odd, may be left to the host.
    EXPECT_GT(device.stats().decoded_on_gpu, uint64_t{kCount} * 9 / 10);
  }
}

TEST_F(GpuFiles, AHundredMegapixelsUnderACeiling) {
  const FilesOf files({jpeg_files::mosaic({.width = 10000, .height = 10000, .quality = 80})});
  std::vector<size_t> hashes(1);
  Pipeline host = on_host(files, {.prefetch = 1, .batch = 1}, decoded);
  EXPECT_EQ(compare(host, 1, hashes), 0);
  PipelineOptions o = gpu_options({.prefetch = 1, .batch = 1});
  o.max_gpu_bytes = int64_t{1} << 30;
  Pipeline device = over(files, o, decoded);
  EXPECT_EQ(compare(device, 1, hashes), 0);
  EXPECT_GE(device.stats().decoded_on_gpu, 1u);
  EXPECT_EQ(device.stats().decoded_on_host, 0u);
  EXPECT_LE(device.stats().device_bytes, o.max_gpu_bytes);
}

TEST_F(GpuFiles, SanitizerDecodesAndChains) {
  std::vector<jpeg_files::File> all;
  for (unsigned k = 0; k < 64; k++) {
    jpeg_files::Recipe r{.width = static_cast<int>(33 + k * 7 % 30),
                         .height = static_cast<int>(25 + k * 5 % 24),
                         .h = jpeg_files::kSamplings[k % 7].h,
                         .v = jpeg_files::kSamplings[k % 7].v,
                         .optimised = k % 3 == 0,
                         .restart_interval = k % 4 == 1 ? k % 5 : 0,
                         .progressive = k % 16 == 9,
                         .seed = k + 1};
    if (k % 8 == 7) r.components = 1, r.h = r.v = {1};
    all.push_back(encode(r));
  }
  const FilesOf files(all);
  const Make make = [](const Value& encoded, const CallOptions& where) {
    const Value image = call("random_resized_crop", decoded(encoded, where),
                             {{"size", std::vector<int64_t>{32, 24}}})[0];
    return std::vector<Value>{call("crop_mirror_normalize", {auto_aug::rand_augment(image, 3, 15)},
                                   {{"mean", std::vector<double>{120, 115, 100}},
                                    {"std", std::vector<double>{58, 57, 56}},
                                    {"dtype", static_cast<int64_t>(DType::Float16)}})[0]};
  };
  const test::Setup s{.prefetch = 1, .batch = 64};
  Pipeline host = on_host(files, s, make), device = on_gpu(files, s, make);
  EXPECT_EQ(difference(host_contents(host.run()), host_contents(device.run())), "");
  EXPECT_GE(device.stats().decoded_on_gpu, 56u);
  EXPECT_TRUE(device.stats().on_host.empty());
}

}  // namespace
}  // namespace vg
