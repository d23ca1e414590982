// Decodes JPEG files on a GPU without a pipeline: for tests of the decoder, and to measure it.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <stdexcept>

#include "cuda/jpeg/launch.h"
#include "jpeg_files.h"

namespace vg::cuda::jpeg {

inline void must(cudaError_t e) {
  if (e != cudaSuccess) throw std::runtime_error(cudaGetErrorString(e));
}

inline bool has_gpu() {
  int count = 0;
  return cudaGetDeviceCount(&count) == cudaSuccess && count > 0;
}

/// Memory of the device, or of the host that copies run from.
template <bool kOnDevice>
class Memory {
 public:
  Memory() = default;
  ~Memory() { release(); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  /// At least so many bytes; what was there is lost.
  std::byte* reserve(size_t bytes) {
    if (bytes <= size_) return data_;
    release();
    void* memory = nullptr;
    must(kOnDevice ? cudaMalloc(&memory, bytes) : cudaMallocHost(&memory, bytes));
    data_ = static_cast<std::byte*>(memory);
    size_ = bytes;
    return data_;
  }
  std::byte* data() const { return data_; }

 private:
  void release() {
    if (data_) kOnDevice ? cudaFree(data_) : cudaFreeHost(data_);
    data_ = nullptr;
  }
  std::byte* data_ = nullptr;
  size_t size_ = 0;
};

/// A file, and what is wanted of it.
struct Job {
  const jpeg_files::File& file;
  Window window;
  Colors colors = Colors::Rgb;
  bool smooth = true;
  bool transposed = false;  ///< the output has the image's columns as its rows

  int64_t channels() const { return colors == Colors::Gray ? 1 : 3; }
  int64_t bytes() const { return int64_t{window.width} * window.height * channels(); }
};

inline Job whole(const jpeg_files::File& file) {
  const Header h = read_header(file).take();
  return {file, {0, 0, h.width, h.height}};
}

/// One batch and its memory.
class Slot {
 public:
  Slot() { must(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking)); }
  ~Slot() {
    cudaStreamSynchronize(stream_);
    cudaStreamDestroy(stream_);
  }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

  static constexpr size_t kInPlace = ~size_t{0};

  /// Copies the files into pinned memory, `gap` bytes apart, and lays the batch out; kInPlace: they
  /// are there, of a call before. Images follow each other without a gap.
  void prepare(const std::vector<Job>& jobs, int64_t max_scratch = 0, size_t gap = 0) {
    if (gap != kInPlace) copy_files(jobs, gap);
    size_t out_bytes = 0;
    headers_.clear();
    for (const Job& job : jobs) headers_.push_back(read_header(job.file).take());
    std::byte* on_device = device_files_.reserve(file_bytes_ + 16);
    out_offsets_.clear();
    for (const Job& job : jobs) {
      out_offsets_.push_back(out_bytes);
      out_bytes += static_cast<size_t>(job.bytes());
    }
    out_bytes_ = out_bytes;
    std::byte* out = out_.reserve(out_bytes + 16);
    requests_.clear();
    for (size_t i = 0; i < jobs.size(); i++) {
      const Job& job = jobs[i];
      const int64_t pixel = job.channels();
      const int64_t right = job.transposed ? job.window.height * pixel : pixel;
      const int64_t down = job.transposed ? pixel : job.window.width * pixel;
      requests_.push_back({&headers_[i], on_device + offsets_[i] + headers_[i].scan_begin,
                           static_cast<int64_t>(job.file.size() - headers_[i].scan_begin),
                           job.window, out + out_offsets_[i], down, right, job.colors, job.smooth});
    }
    batch_.lay_out(requests_, max_scratch);
    const auto blob_bytes = static_cast<size_t>(batch_.blob_bytes());
    batch_.write(blob_.reserve(blob_bytes));
    places_ = {device_blob_.reserve(blob_bytes),
               scratch_.reserve(static_cast<size_t>(batch_.scratch_bytes())),
               reinterpret_cast<uint32_t*>(status_.reserve(jobs.size() * 4))};
  }
  void upload_files() {
    must(cudaMemcpyAsync(device_files_.data(), files_.data(), file_bytes_, cudaMemcpyHostToDevice,
                         stream_));
  }
  void upload_blob() {
    must(cudaMemcpyAsync(device_blob_.data(), blob_.data(),
                         static_cast<size_t>(batch_.blob_bytes()), cudaMemcpyHostToDevice,
                         stream_));
  }
  void start() { must(launch(batch_, places_, stream_)); }
  void fill_output(int value) { must(cudaMemsetAsync(out_.data(), value, out_bytes_, stream_)); }
  void wait() { must(cudaStreamSynchronize(stream_)); }

  std::vector<uint32_t> status() const {
    std::vector<uint32_t> words(requests_.size());
    must(cudaMemcpy(words.data(), places_.status, words.size() * 4, cudaMemcpyDeviceToHost));
    return words;
  }
  std::vector<std::vector<uint8_t>> images() const {
    std::vector<uint8_t> all(out_bytes_);
    must(cudaMemcpy(all.data(), out_.data(), all.size(), cudaMemcpyDeviceToHost));
    std::vector<std::vector<uint8_t>> images;
    for (size_t i = 0; i < out_offsets_.size(); i++)
      images.emplace_back(all.begin() + static_cast<int64_t>(out_offsets_[i]),
                          i + 1 < out_offsets_.size()
                              ? all.begin() + static_cast<int64_t>(out_offsets_[i + 1])
                              : all.end());
    return images;
  }
  const Batch& batch() const { return batch_; }
  const Places& places() const { return places_; }
  cudaStream_t stream() const { return stream_; }
  size_t file_bytes() const { return file_bytes_; }

 private:
  void copy_files(const std::vector<Job>& jobs, size_t gap) {
    size_t bytes = 0;
    for (const Job& job : jobs) bytes += job.file.size() + gap;
    std::byte* pinned = files_.reserve(bytes + 16);
    offsets_.clear();
    file_bytes_ = 0;
    for (const Job& job : jobs) {
      std::memcpy(pinned + file_bytes_, job.file.data(), job.file.size());
      offsets_.push_back(file_bytes_);
      file_bytes_ += job.file.size() + gap;
    }
  }
  cudaStream_t stream_ = nullptr;
  Memory<false> files_, blob_;
  Memory<true> device_files_, device_blob_, scratch_, status_, out_;
  std::vector<size_t> offsets_, out_offsets_;
  std::vector<Header> headers_;
  std::vector<Request> requests_;
  Batch batch_;
  Places places_{};
  size_t file_bytes_ = 0, out_bytes_ = 0;
};

}  // namespace vg::cuda::jpeg
