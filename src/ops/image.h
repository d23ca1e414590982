// Images inside tensors: where height, width and channels are, and how many frames there are.
#pragma once

#include "graph/plan.h"

namespace vg {

/// HWC, or FHWC (a sequence: `frames` images one after another). DHWC counts depth as frames.
struct ImageDims {
  int64_t frames = 1, height = 0, width = 0;
  int channels = 1;
  int64_t frame_elements() const { return height * width * channels; }
};

/// Dimensions of a channel-last image tensor (HW, HWC, FHWC, DHWC; no layout: HW or HWC by rank).
inline Outcome<ImageDims> image_dims(const TensorDesc& desc) {
  const int n = desc.shape.ndim();
  const std::string_view layout = desc.layout.text();
  const bool channels = layout.empty() ? n >= 3 : layout.back() == 'C';
  const int spatial = channels ? n - 1 : n;
  if (spatial < 2 || spatial > 3)
    return fail("needs an image (HWC) or a sequence (FHWC); got shape {} and layout \"{}\"",
                desc.shape.text(), layout);
  ImageDims d;
  d.frames = spatial == 3 ? desc.shape[0] : 1;
  d.height = desc.shape[spatial - 2];
  d.width = desc.shape[spatial - 1];
  d.channels = channels ? static_cast<int>(desc.shape[n - 1]) : 1;
  return d;
}

inline Outcome<ImageDims> image_dims(const Plan& p, int input = 0) {
  auto dims = image_dims(p.in(input));
  if (!dims.ok()) return p.problem(ErrorKind::Runtime, "", dims.failure().message);
  return dims;
}

}  // namespace vg
