// The images of a submission that the device decodes itself.
#pragma once

#include <vector>

#include "cuda/jpeg/batch.h"
#include "exec/device.h"

namespace vg::cuda {

class Decodes {
 public:
  /// `step` belongs to program number `program`, and `runs_decode` has accepted it. Its encoded
  /// bytes will lie at `device`; its pixels go to `out`.
  void add(size_t program, const DeviceStep& step, const std::byte* device, std::byte* out);
  void clear() {
    images_.clear();
    requests_.clear();
  }
  bool empty() const { return images_.empty(); }
  size_t size() const { return images_.size(); }

  struct Image {
    size_t program;
    const DeviceStep* step;
    std::byte* out;
  };
  const Image& image(size_t i) const { return images_[i]; }
  const std::vector<jpeg::Request>& requests() const { return requests_; }

 private:
  std::vector<Image> images_;
  std::vector<jpeg::Request> requests_;
};

}  // namespace vg::cuda
