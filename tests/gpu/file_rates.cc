// How many images a second go from files to batches on the GPU, out of a folder and out of a packed
// file, and where the host's time goes: `variegate_file_rates [seconds of a row [files of a set]]`.
#include <cstdlib>

#include "io/pack/writer.h"
#include "measured.h"

namespace vg {
namespace {

using namespace test;
/// Files in a folder, and the same packed.
class Files {
 public:
  Files(const char* name, jpeg_files::Recipe r, size_t bytes, unsigned files)
      : name_(name), folder_(std::move(r), bytes, files) {
    FileListOptions list;
    list.file_root = folder();
    write_pack(pack(), list_files(list).take()).take();
  }
  ~Files() { fs::remove(pack()); }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  std::string folder() const { return folder_.text(); }
  std::string pack() const { return folder() + ".pack"; }
  std::string title() const {
    return fmt::format("{} ({:.0f} kB)", name_, folder_.mean_bytes() / 1e3);
  }

 private:
  const char* name_;
  JpegFolder folder_;
};

struct Row {
  bool packed;
  int threads, batch;
};

void print_row(const Files& files, unsigned count, const Row& row, double seconds) {
  PipelineOptions o = gpu_options({.threads = row.threads, .prefetch = 3, .batch = row.batch});
  o.record_programs = false;
  Pipeline pipe(o);
  CallOptions mixed;
  mixed.device = "mixed";
  ArgMap from{{"random_shuffle", true}};
  if (row.packed)
    from["packed"] = files.pack();
  else
    from["file_root"] = files.folder();
  const auto data = call("readers.file", {}, from);
  pipe.set_outputs({call("decoders.image", {data[0]}, {}, mixed)[0], data[1]});
  const Measured m = measure(pipe, static_cast<int>(count) / row.batch + 8, seconds);
  const Stats& s = m.spent;
  const double us = 1e6 / m.samples();
  fmt::print(
      "| {:20} | {:6} | {} | {:4} | {:7.0f} | {:5.2f} | {:5.2f} | {:5.2f} | {:5.2f} | {:5.2f} | "
      "{:3.0f} % | {} |\n",
      files.title(), row.packed ? "pack" : "folder", row.threads, row.batch,
      m.images_per_second(row.batch), us * s.reading, us * s.planning, us * s.submitting,
      us * s.device_waited, us * s.workers_idle,
      100 * us / 1e6 * static_cast<double>(s.decoded_on_gpu),
      s.lent_bytes > 0 ? "fetched by the GPU" : "copied by the host");
  std::fflush(stdout);
}

int run(double seconds, unsigned count) {
  fmt::print(
      "us per sample, summed over threads\n"
      "| files | from | threads | batch | img/s | reading | planning (markers too) | submitting | "
      "waiting for the GPU | idle | decoded there | bytes |\n"
      "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|\n");
  const auto rows = [&](const Files& files, const std::vector<int>& batches,
                        const std::vector<int>& threads) {
    for (bool packed : {false, true})
      for (int n : threads)
        for (int batch : batches) print_row(files, count, {packed, n, batch}, seconds);
  };
  {
    const Files files("4:2:0", {.quality = 92}, 91'000, count);
    rows(files, {256}, {1, 2, 4});
    rows(files, {32, 1024}, {1, 2});
  }
  rows(Files("4:2:0", {.quality = 75}, 37'000, count), {256}, {1, 2, 4});
  rows(Files("4:4:4", {.h = {1, 1, 1}, .v = {1, 1, 1}, .quality = 90}, 91'000, count), {256},
       {1, 2, 4});
  return 0;
}

}  // namespace
}  // namespace vg

int main(int argc, char** argv) {
  return vg::run(argc > 1 ? std::atof(argv[1]) : 0.7,
                 argc > 2 ? static_cast<unsigned>(std::atoi(argv[2])) : 1024u);
}
