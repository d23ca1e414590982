// Augmentation alone: what one core takes for a sample whose image lies in memory.
//
//   variegate_alone FOLDER [--seconds S] [--plan] [--crop] [WORK]...
//   variegate_alone --samples N [--plan] [--crop] [WORK]...
//   variegate_alone --build
//
// WORK is none, aa, ra2, ra3, ta, the name of an operation of RandAugment, flip, gaussian_blur,
// resize or normalize; default: all but those four. FOLDER holds a folder of images. A line per
// work: name, microseconds of the core per sample (the median of 15 parts, and the least).
// --plan: parameters only, no pixels. --crop: a random crop window and a flip come first.
// --samples: that many samples of made images and no clock, for tools that count instructions.
// --build: says how the program was built.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <functional>

#include "exec/sample_run.h"
#include "variegate/auto_aug.h"
#include "variegate/ops.h"
#include "variegate/pipeline.h"

namespace vg {
namespace {

constexpr int kImages = 16, kParts = 15;

struct Options {
  std::string folder;
  double seconds = 1;
  int samples = 0;
  bool plan = false, crop = false;
  std::vector<std::string> work;
};

std::vector<Tensor> images_of(const std::string& folder) {
  PipelineOptions options;
  options.batch_size = kImages;
  options.seed = 1;
  Pipeline pipe(options);
  const Value file = ops::readers::file({.file_root = folder})[0];
  pipe.set_outputs({ops::resize(ops::decoders::image(file), {.size = {224, 224}})[0]});
  return pipe.run().outputs[0].samples;
}

/// Images for counting, whose making costs few instructions: a ramp under noise.
std::vector<Tensor> made_images() {
  std::vector<Tensor> images;
  uint32_t noise = 1;
  for (int i = 0; i < kImages; i++) {
    const TensorDesc desc{DType::Uint8, Shape{224, 224, 3}, Layout("HWC")};
    const Tensor image = Tensor::allocate(desc);
    auto* bytes = image.as<uint8_t>();
    for (int64_t at = 0; at < desc.bytes(); at++) {
      noise = noise * 1664525 + 1013904223;
      bytes[at] = static_cast<uint8_t>(at / 1024 + 8 * i % 64 + (noise >> 27));
    }
    images.push_back(image);
  }
  return images;
}

/// Images in turn; outputs go to places in turn, as in a batch.
class Memory : public Surroundings {
 public:
  explicit Memory(std::vector<Tensor> images) : images_(std::move(images)) {}
  Status load(int, const Sample& sample, std::span<Tensor> outputs) override {
    outputs[0] = images_[sample.key.sample_id % images_.size()];
    return {};
  }
  Outcome<std::byte*> place(int, const Sample& sample, const TensorDesc& desc) override {
    std::vector<std::byte>& place = places_[sample.key.sample_id % kImages];
    place.resize(static_cast<size_t>(desc.bytes()));
    return place.data();
  }

 private:
  std::vector<Tensor> images_;
  std::array<std::vector<std::byte>, kImages> places_;
};

Value augmented(const std::string& work, const Value& image) {
  if (work == "none") return call("copy", {image})[0];
  if (work == "aa") return auto_aug::auto_augment(image);
  if (work == "ra2") return auto_aug::rand_augment(image, 2, 15);
  if (work == "ra3") return auto_aug::rand_augment(image, 3, 15);
  if (work == "ta") return auto_aug::trivial_augment_wide(image);
  if (work == "flip") return ops::flip(image, {.horizontal = 1});
  if (work == "gaussian_blur") return ops::gaussian_blur(image, {.sigma = {1.5}});
  if (work == "resize") return ops::resize(image, {.size = {160, 160}})[0];
  if (work == "normalize")
    return ops::crop_mirror_normalize(image, {.dtype = DType::Float,
                                              .output_layout = "CHW",
                                              .mean = {123.7, 116.3, 103.5},
                                              .std = {58.4, 57.1, 57.4}});
  std::vector<auto_aug::Augmentation> one = auto_aug::get_suite("rand_augment");
  std::erase_if(one, [&](const auto_aug::Augmentation& a) { return a.name != work; });
  return auto_aug::apply_rand_augment(one, image, 1, 15);
}

std::vector<std::string> all_work() {
  std::vector<std::string> all{"none", "aa", "ra2", "ra3", "ta"};
  for (const auto_aug::Augmentation& a : auto_aug::get_suite("rand_augment")) all.push_back(a.name);
  return all;
}

/// Of this thread: what other programs take from the core does not count.
double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void measure(const std::string& work, const Options& options, Memory& memory) {
  Value image = call("_external_source", {})[0];
  if (options.crop) {
    image = ops::random_resized_crop(image, {.size = {224, 224}});
    image = ops::flip(image, {.horizontal = ops::random::coin_flip({.probability = 0.5})});
  }
  const CompiledGraph graph = compile({{augmented(work, image)}, {}}, 7).take();
  BufferCache cache(std::make_shared<HostPool>(0));
  SampleRun run(graph, memory, cache);
  uint64_t id = 0;
  const auto samples = [&](int n) {
    for (int i = 0; i < n; i++) {
      run.begin({.key = {id, 1}, .data_id = id});
      const Status status = options.plan ? run.demand(graph.outputs[0]) : run.finish();
      if (!status.ok()) throw Error(status.failure().kind, status.failure().message);
      run.let_go();
      id++;
    }
  };
  samples(options.samples ? options.samples : kImages * 4);
  if (options.samples) return;
  std::array<double, kParts> part;
  for (double& time : part) {
    const double start = processor_seconds();
    int n = 0;
    do {
      samples(kImages * 4);
      n += kImages * 4;
      time = processor_seconds() - start;
    } while (time < options.seconds / kParts);
    time /= n;
  }
  std::sort(part.begin(), part.end());
  fmt::print("{} {:.3f} {:.3f}\n", work, 1e6 * part[kParts / 2], 1e6 * part[0]);
}

int run(const Options& options) {
  Memory memory(options.samples ? made_images() : images_of(options.folder));
  for (const std::string& work : options.work.empty() ? all_work() : options.work)
    measure(work, options, memory);
  return 0;
}

}  // namespace
}  // namespace vg

int main(int argc, char** argv) try {
  vg::Options options;
  for (int i = 1; i < argc; i++) {
    const std::string word = argv[i];
    if (word == "--seconds" && i + 1 < argc)
      options.seconds = std::atof(argv[++i]);
    else if (word == "--samples" && i + 1 < argc)
      options.samples = std::atoi(argv[++i]);
    else if (word == "--plan")
      options.plan = true;
    else if (word == "--crop")
      options.crop = true;
    else if (word == "--build")
      return std::puts(VG_BUILD_TYPE) < 0;
    else if (options.folder.empty() && !options.samples)
      options.folder = word;
    else
      options.work.push_back(word);
  }
  if (options.folder.empty() && !options.samples) {
    std::fputs(
        "usage: variegate_alone FOLDER|--samples N [--seconds S] [--plan] [--crop] [WORK]...\n",
        stderr);
    return 2;
  }
  return vg::run(options);
} catch (const vg::Error& error) {
  std::fprintf(stderr, "variegate_alone: %s\n", error.what());
  return 1;
}
