// Batches of JPEG files, decoded by the device's functions on the host.
#pragma once

#include <memory>

#include "jpeg_emulation.h"
#include "jpeg_files.h"

namespace vg::cuda::jpeg {

/// A file, and what the device makes of a window of it.
struct Job {
  const jpeg_files::File& file;
  Window window;
  Colors colors = Colors::Rgb;
  bool smooth = true;
  int64_t channels() const { return colors == Colors::Gray ? 1 : 3; }
};

inline Window whole(const Header& h) { return {0, 0, h.width, h.height}; }

struct Result {
  uint32_t status;
  std::vector<uint8_t> pixels;
};

/// Decodes all jobs as one batch; `watch` sees the images before their pixels are made.
template <class Watch>
std::vector<Result> play(const std::vector<Job>& jobs, int64_t max_scratch, Watch&& watch,
                         int* rounds = nullptr) {
  std::vector<Header> headers;
  for (const Job& job : jobs) headers.push_back(read_header(job.file).take());
  std::vector<std::unique_ptr<PlacedBytes>> scans;
  std::vector<Request> requests;
  std::vector<Result> results(jobs.size());
  for (size_t i = 0; i < jobs.size(); i++) {
    const Job& job = jobs[i];
    const auto scan = std::span(job.file).subspan(headers[i].scan_begin);
    scans.push_back(std::make_unique<PlacedBytes>(scan, i % 16));
    const int64_t row = job.window.width * job.channels();
    results[i].pixels.assign(static_cast<size_t>(row * job.window.height), 0xEE);
    requests.push_back({&headers[i], scans.back()->begin(), static_cast<int64_t>(scan.size()),
                        job.window, reinterpret_cast<std::byte*>(results[i].pixels.data()), row,
                        job.channels(), job.colors, job.smooth});
  }
  Batch batch;
  batch.lay_out(requests, max_scratch);
  Player player(batch);
  const auto& status = player.play(watch);
  for (size_t i = 0; i < jobs.size(); i++) results[i].status = status[i];
  if (rounds) *rounds = player.most_rounds();
  return results;
}
inline std::vector<Result> play(const std::vector<Job>& jobs, int64_t max_scratch = 0) {
  return play(jobs, max_scratch, [](const Work&, const Image&) {});
}

inline size_t wrong_bytes(const std::vector<uint8_t>& a, const std::vector<uint8_t>& b) {
  if (a.size() != b.size()) return std::max(a.size(), b.size());
  size_t wrong = 0;
  for (size_t i = 0; i < a.size(); i++) wrong += a[i] != b[i];
  return wrong;
}

}  // namespace vg::cuda::jpeg
