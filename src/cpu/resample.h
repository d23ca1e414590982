// Separable resampling of one image on the host.
#pragma once

#include <cstddef>

#include "core/arena.h"
#include "ops/resample_params.h"
#include "variegate/tensor.h"

namespace vg::cpu {

/// Dense images, channels last: y.in x x.in x channels elements of type `in` at `src`, y.count x
/// x.count x channels of type `out` at `dst`. `out` is `in` or Float; supported are integers up to
/// 32 bits, Float16 and Float.
struct ResampleJob {
  ResampleParams params;
  int channels = 1;
  int64_t units = 1;  ///< images one after another
  DType in = DType::Uint8, out = DType::Uint8;
  const std::byte* src = nullptr;
  std::byte* dst = nullptr;
};

/// `scratch` holds a few rows; nothing is taken back.
void resample(const ResampleJob& job, Arena& scratch);

/// The same bytes from whole-image passes, pixel by pixel: what a reader checks by eye, and the
/// tests compare with.
void reference_resample(const ResampleJob& job);

}  // namespace vg::cpu
