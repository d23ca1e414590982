// The host's drivers: one per family, found by the family alone.
#pragma once

#include "graph/op_def.h"

namespace vg::cpu {

/// Runs one instruction. Memory of inputs and outputs is there; failures are bad data.
using Driver = Status (*)(const OpDef& op, const Work& work);

/// Null for families without code of their own (Select, Opaque).
Driver driver_of(Family family);

Status run_point(const OpDef& op, const Work& work);
Status run_elementwise(const OpDef& op, const Work& work);
Status run_measured(const OpDef& op, const Work& work);
Status run_scatter(const OpDef& op, const Work& work);
Status run_reduce(const OpDef& op, const Work& work);
Status run_normalize(const Work& work);
Status run_resample(const OpDef& op, const Work& work);
Status run_stencil(const OpDef& op, const Work& work);
Status run_warp(const OpDef& op, const Work& work);
Status run_view(const OpDef& op, const Work& work);

/// One operator of a fused run of points. `dtype` is what it rounds to, as if it ran alone.
struct PointStep {
  const OpDef* op;
  const void* params;
  DType dtype;
};
/// A run of points in one pass over memory: bytes equal to running them one by one.
Status run_points(std::span<const PointStep> steps, const TensorRef& in, const TensorRef& out);

}  // namespace vg::cpu
