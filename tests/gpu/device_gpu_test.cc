// Pipelines on a real GPU against the host: equal bytes for equal draws.
#include "decoding.h"
#include "on_gpu.h"

namespace vg {
namespace {

using namespace test;
using testing::HasSubstr;
using Build = std::function<std::vector<Value>(const Inputs&, const CallOptions&)>;

class Gpu : public testing::Test {
 protected:
  void SetUp() override {
    if (gpu_devices().empty()) GTEST_SKIP() << gpu_problem();
  }
  static const Folder& folder() {
    static const Folder all;
    return all;
  }
  static Pipeline make(const test::Setup& s, bool gpu, const Build& build) {
    Pipeline pipe(gpu ? gpu_options(s) : options(s));
    CallOptions where;
    where.device = gpu ? "gpu" : "cpu";
    pipe.set_outputs(build(read(folder()), where));
    return pipe;
  }
  static void expect_equal(const test::Setup& s, int rounds, const Build& build) {
    Pipeline a = make(s, false, build), b = make(s, true, build);
    for (int i = 0; i < rounds; i++) {
      const Batch host = a.run(), device = b.run();
      EXPECT_EQ(difference(host_contents(host), host_contents(device)), "") << "round " << i;
    }
  }
};

Value moved(const Value& v, const CallOptions& where) { return call("copy", {v}, {}, where)[0]; }

Value normalised(const Value& image, const CallOptions& where, DType dtype = DType::Float16) {
  return call("crop_mirror_normalize", {image},
              {{"mean", std::vector<double>{123.7, 116.3, 103.5}},
               {"std", std::vector<double>{58.4, 57.1, 57.4}},
               {"dtype", static_cast<int64_t>(dtype)}},
              where)[0];
}

TEST_F(Gpu, SchemesEqualTheHost) {
  const std::vector<std::function<Value(const Value&)>> schemes = {
      [](const Value& v) { return auto_aug::auto_augment(v); },
      [](const Value& v) { return auto_aug::rand_augment(v, 1, 15); },
      [](const Value& v) { return auto_aug::rand_augment(v, 2, 15); },
      [](const Value& v) { return auto_aug::rand_augment(v, 3, 15); },
      [](const Value& v) { return auto_aug::trivial_augment_wide(v); }};
  for (size_t k = 0; k < schemes.size(); k++)
    for (int batch : {1, 7, 256})
      for (bool cut : {true, false}) {
        SCOPED_TRACE(testing::Message()
                     << "scheme " << k << ", batch " << batch << ", cut " << cut);
        expect_equal({.batch = batch}, 1000 / batch + 1,
                     [&](const Inputs& in, const CallOptions& where) {
                       const Value image = moved(cut ? cropped(in.image) : in.image, where);
                       const Value out = schemes[k](image);
                       return std::vector<Value>{out, cut ? normalised(out, where) : out, in.label};
                     });
      }
}

TEST_F(Gpu, FamiliesEqualTheHost) {
  const std::vector<std::pair<std::string, ArgMap>> ops = {
      {"resize", {{"resize_shorter", 40.0}}},
      {"resize", {{"resize_shorter", 300.0}, {"interp_type", int64_t{2}}}},
      {"resize", {{"resize_shorter", 33.0}, {"antialias", false}}},
      {"gaussian_blur", {{"sigma", 1.7}}},
      {"laplacian", {{"window_size", int64_t{5}}}},
      {"noise.gaussian", {{"stddev", 20.0}}},
      {"noise.salt_and_pepper", {{"prob", 0.2}}},
      {"noise.shot", {{"factor", 10.0}}},
      {"grid_mask", {{"angle", 0.4}}},
      {"erase", {{"anchor", std::vector<double>{3, 4}}, {"shape", std::vector<double>{20, 9}}}},
      {"hsv", {{"hue", 40.0}, {"saturation", 1.5}}},
      {"color_twist", {{"brightness", 1.2}, {"contrast", 0.7}}},
      {"rotate", {{"angle", 17.0}}},
      {"flip", {{"vertical", int64_t{1}}}},
      {"normalize", {}},
      {"reductions.mean", {}},
      {"transpose", {{"perm", std::vector<int64_t>{2, 0, 1}}}},
      {"cast", {{"dtype", static_cast<int64_t>(DType::Float)}}}};
  for (const auto& [name, args] : ops) {
    SCOPED_TRACE(name);
    expect_equal({}, 3, [&, op = name, given = args](const Inputs& in, const CallOptions& where) {
      return std::vector<Value>{call(op, {moved(in.image, where)}, given, where)[0]};
    });
  }
}

TEST_F(Gpu, DecodersEqualTheHost) {
  const std::vector<std::pair<std::string, ArgMap>> decoders = {
      {"decoders.image", {}},
      {"decoders.image", {{"output_type", int64_t{2}}}},
      {"decoders.image_random_crop", {}},
      {"decoders.image_crop", {{"crop", std::vector<double>{41, 57}}}}};
  const Folder damaged({0, 5, 13, 14, 15});
  for (const auto& [name, args] : decoders)
    for (int batch : {1, 7, 64})
      for (bool augmented : {false, args.empty()})
        for (const Folder* files : {&folder(), &damaged}) {
          SCOPED_TRACE(testing::Message() << name << ", batch " << batch);
          const test::Setup s{.threads = 8, .batch = batch, .on_error = OnError::Replace};
          Pipeline host = decoding(*files, s, false, name, args, augmented);
          Pipeline device = decoding(*files, s, true, name, args, augmented);
          for (int i = 0; i < 4; i++) {
            const Ran a = run_once(host), b = run_once(device);
            ASSERT_EQ(a.story, b.story);
            ASSERT_EQ(difference(host_contents(a.batch), host_contents(b.batch)), "");
          }
          EXPECT_GT(device.stats().decoded_on_gpu, 0u);
        }
}

TEST_F(Gpu, DecodingBesideOtherBatchesIsRepeatable) {
  // The same files again and again, with as many batches in flight as there may be.
  const test::Setup s{.threads = 8, .prefetch = 4, .batch = kFiles, .shuffle = false};
  Pipeline pipe = decoding(folder(), s, true, "decoders.image", {}, false);
  const auto first = host_contents(pipe.run());
  for (int i = 0; i < 200; i++) ASSERT_EQ(difference(first, host_contents(pipe.run())), "") << i;
}

TEST_F(Gpu, LaunchesFollowTheDepthOfThePolicy) {
  const auto launches = [](int n, size_t operations) {
    Pipeline pipe =
        make({.prefetch = 1, .batch = 200}, true, [&](const Inputs& in, const CallOptions& where) {
          auto suite = auto_aug::get_suite("rand_augment");
          while (suite.size() < operations) suite.push_back(suite[suite.size() % 14]);
          return std::vector<Value>{normalised(
              auto_aug::apply_rand_augment(suite, moved(cropped(in.image), where), n, 9), where)};
        });
    pipe.run();
    return pipe.stats().launches;
  };
  for (int n : {1, 2, 3}) EXPECT_EQ(launches(n, 14), launches(n, 40));
}

TEST_F(Gpu, AHeldOutputSurvivesTenBatches) {
  Pipeline pipe = make({}, true, [](const Inputs& in, const CallOptions& where) {
    return std::vector<Value>{auto_aug::rand_augment(moved(cropped(in.image), where), 2, 9)};
  });
  const Batch held = pipe.run();
  const auto before = host_contents(held);
  for (int i = 0; i < 10; i++) pipe.run();
  EXPECT_EQ(difference(before, host_contents(held)), "");
}

TEST_F(Gpu, MemoryDoesNotGrow) {
  auto source = std::make_shared<ImagesOnGpu>(64, 96, 96);
  Pipeline pipe(gpu_options({.batch = 32}));
  pipe.set_outputs({auto_aug::rand_augment(images_on_gpu(source), 2, 9)});
  for (int i = 0; i < 1000; i++) pipe.run();
  const int64_t early = pipe.stats().device_bytes;
  for (int i = 0; i < 9000; i++) pipe.run();
  // Another batch may be on its way at once, but no batch leaves anything behind.
  EXPECT_LE(pipe.stats().device_bytes, early + (int64_t{64} << 20));
}

TEST_F(Gpu, ACeilingIsAnErrorAndTheHostGoesOn) {
  PipelineOptions o = gpu_options({});
  o.max_gpu_bytes = 1 << 20;
  Pipeline pipe(o);
  CallOptions where;
  where.device = "gpu";
  pipe.set_outputs({call("brightness", {read(folder()).image}, {}, where)[0]});
  std::string message;
  EXPECT_EQ(kind_of([&] { pipe.run(); }, &message), ErrorKind::Memory);
  EXPECT_THAT(message, HasSubstr("max_gpu_bytes"));
  Pipeline host = training(folder(), {});
  EXPECT_EQ(host.run().size(), 5);
}

}  // namespace
}  // namespace vg
