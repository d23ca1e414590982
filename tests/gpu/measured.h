// What the programs that measure rates on a GPU share: files as photos are, and a warm pipeline
// with a watch on it.
#pragma once

#include <fmt/format.h>

#include <chrono>

#include "jpeg_files.h"
#include "on_gpu.h"

namespace vg::test {

/// A folder of baseline files of 500 x 375 pixels and at least `bytes` bytes.
class JpegFolder {
 public:
  JpegFolder(jpeg_files::Recipe r, size_t bytes, unsigned files) {
    fs::create_directories(path_ / "all");
    r.width = 500, r.height = 375, r.noise = 0;
    while (jpeg_files::encode(r).size() < bytes) r.noise += 2;
    for (r.seed = 1; r.seed <= files; r.seed++) {
      const jpeg_files::File file = jpeg_files::encode(r);
      mean_bytes_ += static_cast<double>(file.size()) / files;
      std::ofstream(path_ / "all" / fmt::format("{:05}.jpg", r.seed), std::ios::binary)
          .write(reinterpret_cast<const char*>(file.data()), static_cast<long>(file.size()));
    }
  }
  ~JpegFolder() { fs::remove_all(path_); }
  JpegFolder(const JpegFolder&) = delete;
  JpegFolder& operator=(const JpegFolder&) = delete;
  std::string text() const { return path_.string(); }
  double mean_bytes() const { return mean_bytes_; }

 private:
  double mean_bytes_ = 0;
  fs::path path_ = fs::temp_directory_path() / fmt::format("variegate_rates_{}", ::getpid());
};

/// What has been added since `before`; what is said of a moment, such as bytes, stays as it is now.
inline Stats since(const Stats& before, Stats now) {
  const auto subtract = [&](auto... sums) { ((now.*sums -= before.*sums), ...); };
  subtract(&Stats::reading, &Stats::decoding, &Stats::pixels, &Stats::planning,
           &Stats::workers_idle, &Stats::consumer_waited, &Stats::samples, &Stats::batches,
           &Stats::submitting, &Stats::device_waited, &Stats::launches, &Stats::decoded_on_host,
           &Stats::decoded_on_gpu);
  return now;
}

/// Batches of a stretch of time, and what the pipeline did in it.
struct Measured {
  int batches;
  double seconds;
  Stats spent;
  double images_per_second(int batch) const { return batches * batch / seconds; }
  double samples() const { return static_cast<double>(spent.samples); }
};

/// Runs `warm` batches, then as many as end in `seconds`.
inline Measured measure(Pipeline& pipe, int warm, double seconds) {
  using Clock = std::chrono::steady_clock;
  Batch last;
  for (int i = 0; i < warm; i++) last = pipe.run();
  last.outputs[0].samples[0].device->wait();
  Measured m{0, 0, {}};
  const Stats before = pipe.stats();
  const auto start = Clock::now();
  const auto passed = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  for (; passed() < seconds; m.batches++) last = pipe.run();
  last.outputs[0].samples[0].device->wait();
  m.seconds = passed();
  m.spent = since(before, pipe.stats());
  return m;
}

}  // namespace vg::test
