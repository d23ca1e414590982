// How many images a second go through policies: images that lie on the GPU already, and files.
#include "measured.h"

namespace vg {
namespace {

using namespace test;

using Policy = std::function<Value(const Value&)>;

/// Images a second of a pipeline that is warm.
double images_per_second(Pipeline& pipe, int batch) {
  const Measured m = measure(pipe, 20, 1);
  const Stats& s = m.spent;
  fmt::print(
      "    {:.0f} us a batch; per sample of a thread: planning {:.1f} us, decoding {:.1f} us, "
      "reading "
      "{:.1f} us; {:.0f} % decoded by the GPU; waited {:.2f} s, idle {:.2f} s\n",
      1e6 * m.seconds / m.batches, 1e6 * s.planning / m.samples(), 1e6 * s.decoding / m.samples(),
      1e6 * s.reading / m.samples(), 100 * static_cast<double>(s.decoded_on_gpu) / m.samples(),
      s.consumer_waited, s.workers_idle);
  return m.images_per_second(batch);
}

Value finished(const Value& image) {
  CallOptions where;
  where.device = "gpu";
  return call("crop_mirror_normalize", {image},
              {{"mean", std::vector<double>{123.7, 116.3, 103.5}},
               {"std", std::vector<double>{58.4, 57.1, 57.4}},
               {"dtype", static_cast<int64_t>(DType::Float16)}},
              where)[0];
}

/// Images that lie on the GPU.
double rate(int batch, int threads, const Policy& policy, int prefetch = 3) {
  auto source = std::make_shared<ImagesOnGpu>(6 * batch, 224, 224);
  PipelineOptions o = gpu_options({.threads = threads, .prefetch = prefetch, .batch = batch});
  o.record_programs = false;
  Pipeline pipe(o);
  pipe.set_outputs({finished(policy(images_on_gpu(source)))});
  return images_per_second(pipe, batch);
}

/// Files, decoded on the GPU (or by the host's threads), cropped, resized, augmented, normalised.
double rate_of_files(const JpegFolder& files, int threads, bool on_gpu, const Policy& policy) {
  PipelineOptions o = gpu_options({.threads = threads, .prefetch = 3, .batch = 256});
  o.record_programs = false;
  Pipeline pipe(o);
  CallOptions mixed;
  mixed.device = "mixed";
  auto data = call("readers.file", {}, {{"file_root", files.text()}, {"random_shuffle", true}});
  const Value image = call("decoders.image_random_crop", {data[0]},
                           {{"route", std::string(on_gpu ? "auto" : "host")}}, mixed)[0];
  const Value sized = call("resize", {image}, {{"size", std::vector<double>{224, 224}}})[0];
  pipe.set_outputs({finished(policy(sized)), data[1]});
  return images_per_second(pipe, 256);
}

std::vector<std::pair<const char*, Policy>> all_policies() {
  return {{"none", [](const Value& v) { return v; }},
          {"AutoAugment", [](const Value& v) { return auto_aug::auto_augment(v); }},
          {"RandAugment(2, 15)", [](const Value& v) { return auto_aug::rand_augment(v, 2, 15); }},
          {"RandAugment(3, 15)", [](const Value& v) { return auto_aug::rand_augment(v, 3, 15); }},
          {"TrivialAugment", [](const Value& v) { return auto_aug::trivial_augment_wide(v); }}};
}

/// The policies, and every operator three times for every sample, few batches of each: for a
/// profiler.
int run_operators() {
  const auto thrice = [](const char* op, const ArgMap& args) -> Policy {
    return [=](const Value& v) {
      Value x = v;
      for (int i = 0; i < 3; i++) x = call(op, {x}, args)[0];
      return x;
    };
  };
  const ArgValue fill = 128.0;
  std::vector<std::pair<const char*, Policy>> operators = all_policies();
  const std::vector<std::pair<const char*, Policy>> more = {
      {"brightness", thrice("brightness", {{"brightness", 1.3}})},
      {"color", thrice("_color", {{"factor", 1.4}})},
      {"rotate 25", thrice("rotate", {{"angle", 25.0}, {"fill_value", fill}, {"keep_size", true}})},
      {"rotate 2", thrice("rotate", {{"angle", 2.0}, {"fill_value", fill}, {"keep_size", true}})},
      {"sharpness",
       [](const Value& v) {
         Tensor kernel = Tensor::allocate({DType::Float, {3, 3}, {}});
         std::fill_n(kernel.as<float>(), 9, -0.1f);
         kernel.as<float>()[4] = 1.8f;
         Value x = v;
         for (int i = 0; i < 3; i++) x = call("filter", {x, constant(kernel)})[0];
         return x;
       }},
      {"equalize", thrice("equalize", {})},
      {"auto_contrast", thrice("_auto_contrast", {})},
      {"contrast", thrice("_contrast", {{"factor", 1.4}})}};
  operators.insert(operators.end(), more.begin(), more.end());
  for (const auto& [name, policy] : operators) {
    auto source = std::make_shared<ImagesOnGpu>(256, 224, 224);
    Pipeline pipe(gpu_options({.threads = 4, .prefetch = 1, .batch = 256}));
    pipe.set_outputs({finished(policy(images_on_gpu(source)))});
    Batch last;
    for (int i = 0; i < 4; i++) last = pipe.run();
    last.outputs[0].samples[0].device->wait();
    fmt::print("{}\n", name);
  }
  return 0;
}

/// `prefetch`: only the policies, and RandAugment once more with so many batches on their way.
int run(int threads, int prefetch = 0) {
  const std::vector<std::pair<const char*, Policy>> policies = all_policies();
  for (const auto& [name, policy] : policies)
    fmt::print("{:20} batch 256: {:9.0f} img/s\n", name, rate(256, threads, policy));
  if (prefetch) {
    fmt::print("RandAugment(3, 15), {} batches on their way: {:9.0f} img/s\n", prefetch,
               rate(256, threads, policies[3].second, prefetch));
    return 0;
  }
  for (int batch : {1, 8, 32, 1024})
    fmt::print("RandAugment(3, 15)   batch {:4}: {:9.0f} img/s\n", batch,
               rate(batch, threads, policies[3].second));
  const JpegFolder files({.quality = 92}, 88'000, 2048);
  for (int n : {1, 2, 4, 8, 16})
    for (bool on_gpu : {true, false})
      for (size_t policy : {0, 3})
        fmt::print("files, {:2} threads, decoded by the {}, {}: {:9.0f} img/s\n", n,
                   on_gpu ? "GPU" : "host", policies[policy].first,
                   rate_of_files(files, n, on_gpu, policies[policy].second));
  return 0;
}

}  // namespace
}  // namespace vg

int main(int argc, char** argv) {
  if (argc > 1 && std::string(argv[1]) == "operators") return vg::run_operators();
  if (argc > 2) return vg::run(std::atoi(argv[1]), std::atoi(argv[2]));
  return vg::run(argc > 1 ? std::atoi(argv[1]) : 16);
}
