// The images of a submission that the device decodes itself.
#pragma once

#include <vector>

#include "cuda/machine.h"
#include "exec/device.h"

namespace vg::cuda {

/// An image that nvJPEG decodes as a whole, and the window of it that is wanted.
struct NvjpegDecode {
  size_t program;
  const DeviceStep* step;
  NvjpegImage image;  ///< its `out` is that of the window
  jpeg::Window window;
  int64_t channels;

  bool is_whole() const { return window.width == image.width && window.height == image.height; }
};

class Decodes {
 public:
  /// `step` belongs to program number `program`, and `runs_decode` has accepted it. Its encoded
  /// bytes will lie at `device`; its pixels go to `out`.
  void add(size_t program, const DeviceStep& step, const std::byte* device, std::byte* out);
  void clear() {
    images_.clear();
    requests_.clear();
    nvjpeg_.clear();
  }

  struct Image {
    size_t program;
    const DeviceStep* step;
    std::byte* out;
  };
  /// One per request.
  const std::vector<Image>& images() const { return images_; }
  const std::vector<jpeg::Request>& requests() const { return requests_; }
  const std::vector<NvjpegDecode>& nvjpeg() const { return nvjpeg_; }

 private:
  std::vector<Image> images_;
  std::vector<jpeg::Request> requests_;
  std::vector<NvjpegDecode> nvjpeg_;
};

}  // namespace vg::cuda
