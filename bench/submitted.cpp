// What the host does for a JPEG file that the GPU decodes: reading it from a packed file, its
// markers, its place in a batch, the batch's submission.
//
//   variegate_submitted [--seconds S] [--files N] [FOLDER|PACK]
//   variegate_submitted --samples N
//   variegate_submitted --build
//
// The GPU does nothing. A line: images a second, and microseconds of the worker per image. Without
// a folder or a packed file, N files are made (64). --samples: that many images of made files and
// no clock, for tools that count instructions.
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "idle_device.h"
#include "io/codecs/codec.h"
#include "io/pack/writer.h"
#include "io/readers/file_list.h"
#include "jpeg_files.h"
#include "variegate/pipeline.h"

namespace vg {
namespace {

namespace fs = std::filesystem;
constexpr int kBatch = 32;

/// A packed file of made images of 500 x 375.
class MadePack {
 public:
  explicit MadePack(int files) {
    fs::create_directories(folder_ / "all");
    std::vector<jpeg_files::File> made;
    for (unsigned seed : {1, 2})
      made.push_back(jpeg_files::encode(
          {.width = 500, .height = 375, .quality = 92, .noise = 10, .seed = seed}));
    for (int i = 0; i < files; i++) {
      const jpeg_files::File& file = made[static_cast<size_t>(i) % made.size()];
      std::ofstream(folder_ / "all" / fmt::format("{:03}.jpg", i), std::ios::binary)
          .write(reinterpret_cast<const char*>(file.data()), static_cast<long>(file.size()));
    }
    FileListOptions list;
    list.file_root = folder_.string();
    write_pack(pack(), list_files(list).take()).take();
  }
  ~MadePack() { fs::remove_all(folder_); }
  MadePack(const MadePack&) = delete;
  MadePack& operator=(const MadePack&) = delete;
  std::string pack() const { return folder_ / "files.pack"; }

 private:
  fs::path folder_ = fs::temp_directory_path() / fmt::format("variegate_submitted_{}", ::getpid());
};

Pipeline pipeline(const std::string& files, int batch, int prefetch) {
  Pipeline pipe({.batch_size = batch,
                 .num_threads = 1,
                 .seed = 7,
                 .prefetch_queue_depth = prefetch,
                 .device_id = 0,
                 .record_programs = false});
  CallOptions mixed;
  mixed.device = "mixed";
  const char* kind = fs::is_directory(files) ? "file_root" : "packed";
  const auto data = call("readers.file", {}, {{kind, files}, {"random_shuffle", true}});
  pipe.set_outputs({call("decoders.image", {data[0]}, {}, mixed)[0], data[1]});
  return pipe;
}

void measure(const std::string& files, double seconds) {
  using Clock = std::chrono::steady_clock;
  constexpr int kLarge = 256;
  Pipeline pipe = pipeline(files, kLarge, 3);
  for (int i = 0; i < 12; i++) pipe.run();
  const Stats before = pipe.stats();
  const auto start = Clock::now();
  const auto passed = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  int64_t images = 0;
  for (; passed() < seconds; images += kLarge) pipe.run();
  const double rate = static_cast<double>(images) / passed();
  const Stats after = pipe.stats();
  const auto us = [&](double Stats::*part) {
    return 1e6 * (after.*part - before.*part) / static_cast<double>(after.samples - before.samples);
  };
  fmt::print(
      "{:.0f} img/s; us per image: reading {:.2f}, planning {:.2f}, submitting {:.2f}, idle "
      "{:.2f}\n",
      rate, us(&Stats::reading), us(&Stats::planning), us(&Stats::submitting),
      us(&Stats::workers_idle));
}

}  // namespace
}  // namespace vg

int main(int argc, char** argv) try {
  double seconds = 2;
  int samples = 0, made_files = 64;
  std::string files;
  for (int i = 1; i < argc; i++) {
    const std::string word = argv[i];
    if (word == "--seconds" && i + 1 < argc)
      seconds = std::atof(argv[++i]);
    else if (word == "--samples" && i + 1 < argc)
      samples = std::atoi(argv[++i]);
    else if (word == "--files" && i + 1 < argc)
      made_files = std::atoi(argv[++i]);
    else if (word == "--build")
      return std::puts(VG_BUILD_TYPE) < 0;
    else
      files = word;
  }
  const vg::IdleGpu gpu;
  std::optional<vg::MadePack> made;
  if (files.empty()) files = made.emplace(made_files).pack();
  if (samples == 0) {
    vg::measure(files, seconds);
    return 0;
  }
  // One batch at a time: what is counted must not depend on when the program ends.
  vg::Pipeline pipe = vg::pipeline(files, vg::kBatch, 1);
  for (int i = 0; i < samples; i += vg::kBatch) pipe.run();
  return 0;
} catch (const vg::Error& error) {
  std::fprintf(stderr, "variegate_submitted: %s\n", error.what());
  return 1;
}
