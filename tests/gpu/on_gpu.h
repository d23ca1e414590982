// Images that lie on the GPU, and outputs brought back from it.
#pragma once

#include <cstring>

#include "exec/device.h"
#include "exec/source.h"
#include "graph/node.h"
#include "pipelines.h"

namespace vg::test {

inline PipelineOptions gpu_options(const Setup& s) {
  PipelineOptions o = options(s);
  o.device_id = 0;
  return o;
}

inline std::string host_bytes(const Tensor& t) {
  if (!t.device) return bytes(t);
  std::string all(static_cast<size_t>(t.bytes()), '\0');
  t.device->copy_to_host(t.data.get(), reinterpret_cast<std::byte*>(all.data()), t.bytes());
  return all;
}

inline std::vector<std::string> host_contents(const Batch& batch) {
  std::vector<std::string> all;
  for (const TensorList& list : batch.outputs)
    for (const Tensor& t : list.samples) all.push_back(host_bytes(t));
  return all;
}

/// Where two lists of bytes differ; empty: nowhere.
inline std::string difference(const std::vector<std::string>& a,
                              const std::vector<std::string>& b) {
  if (a.size() != b.size())
    return "there are " + std::to_string(b.size()) + " tensors, not " + std::to_string(a.size());
  for (size_t i = 0; i < a.size(); i++) {
    if (a[i] == b[i]) continue;
    if (a[i].size() != b[i].size()) return "tensor " + std::to_string(i) + " has another size";
    size_t count = 0, first = a[i].size();
    for (size_t k = 0; k < a[i].size(); k++)
      if (a[i][k] != b[i][k]) {
        first = std::min(first, k);
        count++;
      }
    return "tensor " + std::to_string(i) + " differs in " + std::to_string(count) + " of " +
           std::to_string(a[i].size()) + " bytes, from " + std::to_string(first) +
           " on: " + std::to_string(static_cast<uint8_t>(b[i][first])) + ", not " +
           std::to_string(static_cast<uint8_t>(a[i][first]));
  }
  return "";
}

/// Smooth images with some noise, of which a batch takes the next ones.
class ImagesOnGpu : public Source {
 public:
  ImagesOnGpu(int images, int64_t height, int64_t width) {
    device_ = open_device(0, 0).take();
    auto batch = device_->begin().take();
    std::vector<uint8_t> pixels(static_cast<size_t>(height * width * 3));
    uint32_t noise = 1;
    for (int i = 0; i < images; i++) {
      for (size_t k = 0; k < pixels.size(); k++) {
        noise = noise * 1664525 + 1013904223;
        const auto x = static_cast<int64_t>(k / 3) % width, y = static_cast<int64_t>(k / 3) / width;
        pixels[k] = static_cast<uint8_t>((x + i) % 128 + y % 96 + (noise >> 27));
      }
      Tensor t{{DType::Uint8, {height, width, 3}, "HWC"}, {}, {}, {}};
      t.data = batch->output(t.bytes()).take();
      batch->fill(t.data.get(), reinterpret_cast<const std::byte*>(pixels.data()), t.bytes())
          .take();
      images_.push_back(std::move(t));
    }
    const auto memory = batch->finish().take();
    memory->wait();
    for (Tensor& t : images_) t.device = memory;
  }
  Outcome<int> next_batch(int max_size, uint64_t, SourceBatch& batch) override {
    batch.data.resize(1);
    for (int i = 0; i < max_size; i++) batch.data[0].push_back(images_[next_++ % images_.size()]);
    return max_size;
  }
  Status load(const SourceBatch* batch, int slot, uint64_t, std::span<Tensor> out) const override {
    out[0] = batch->data[0][static_cast<size_t>(slot)];
    return {};
  }

 private:
  std::shared_ptr<Device> device_;
  std::vector<Tensor> images_;
  size_t next_ = 0;
};

inline Value images_on_gpu(std::shared_ptr<Source> source) {
  CallOptions where;
  where.device = "gpu";
  auto values = call("_external_source", {}, {}, where);
  values[0].node()->attachment = std::move(source);
  return values[0];
}

}  // namespace vg::test
