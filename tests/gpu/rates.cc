// How many images a second go through policies whose images lie on the GPU already.
#include <fmt/format.h>

#include <chrono>

#include "on_gpu.h"

namespace vg {
namespace {

using namespace test;

double rate(int batch, int threads, const std::function<Value(const Value&)>& policy) {
  auto source = std::make_shared<ImagesOnGpu>(6 * batch, 224, 224);
  PipelineOptions o = gpu_options({.threads = threads, .prefetch = 3, .batch = batch});
  o.record_programs = false;
  Pipeline pipe(o);
  CallOptions where;
  where.device = "gpu";
  pipe.set_outputs({call("crop_mirror_normalize", {policy(images_on_gpu(source))},
                         {{"mean", std::vector<double>{123.7, 116.3, 103.5}},
                          {"std", std::vector<double>{58.4, 57.1, 57.4}},
                          {"dtype", static_cast<int64_t>(DType::Float16)}},
                         where)[0]});
  using Clock = std::chrono::steady_clock;
  Batch last;
  for (int i = 0; i < 20; i++) last = pipe.run();
  last.outputs[0].samples[0].device->wait();
  const auto start = Clock::now();
  int batches = 0;
  while (Clock::now() - start < std::chrono::milliseconds(1000)) {
    last = pipe.run();
    batches++;
  }
  last.outputs[0].samples[0].device->wait();
  const Stats s = pipe.stats();
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  fmt::print(
      "    {:.0f} us a batch; planning {:.1f} us a sample of a thread; waited {:.2f} s, idle "
      "{:.2f} s\n",
      1e6 * seconds / batches, 1e6 * s.planning / static_cast<double>(s.samples), s.consumer_waited,
      s.workers_idle);
  return batches * batch / seconds;
}

int run(int threads) {
  const std::vector<std::pair<const char*, std::function<Value(const Value&)>>> policies = {
      {"none", [](const Value& v) { return v; }},
      {"AutoAugment", [](const Value& v) { return auto_aug::auto_augment(v); }},
      {"RandAugment(2, 15)", [](const Value& v) { return auto_aug::rand_augment(v, 2, 15); }},
      {"RandAugment(3, 15)", [](const Value& v) { return auto_aug::rand_augment(v, 3, 15); }},
      {"TrivialAugment", [](const Value& v) { return auto_aug::trivial_augment_wide(v); }}};
  for (const auto& [name, policy] : policies)
    fmt::print("{:20} batch 256: {:9.0f} img/s\n", name, rate(256, threads, policy));
  for (int batch : {1, 8, 32, 1024})
    fmt::print("RandAugment(3, 15)   batch {:4}: {:9.0f} img/s\n", batch,
               rate(batch, threads, policies[3].second));
  return 0;
}

}  // namespace
}  // namespace vg

int main(int argc, char** argv) { return vg::run(argc > 1 ? std::atoi(argv[1]) : 16); }
