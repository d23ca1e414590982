// Runs of points as one task: any types, up to eight operators.
#pragma once

#include "cpu/drivers.h"
#include "cuda/encoder.h"

namespace vg::cuda {

bool runs_points(std::span<const cpu::PointStep> steps, const TensorDesc& in,
                 const TensorDesc& out);
void encode_points(std::span<const cpu::PointStep> steps, const TensorRef& in, const TensorRef& out,
                   Encoder& encoder);

}  // namespace vg::cuda
