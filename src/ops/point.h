// The point family: an operator maps the values of a pixel to values, alone or three at a time.
//
// An operator is a trivially copyable struct of parameters with
//   static Schema schema();
//   static Outcome<Op> plan(Plan& p);             // usually: return point_plan(p, dtype, Op{...})
// and one of
//   template <class L> L operator()(L value) const;            every value alike
//   template <class L> L operator()(L value, int channel) const;
//   template <class L> Rgb<L> operator()(Rgb<L> pixel) const;  needs 3 channels
// Lanes are float and hold values in the units of the input type. The driver loads, converts,
// rounds to the output type (ties away from zero, then clamp) and stores; it fuses runs of points.
// Parameters that point to more numbers say `kReadsTable` and give the span as `table()`: a device
// brings the numbers along and lets the span point there.
// A PixelOp may turn 1 channel into 3 or 3 into 1: its pixels are three equal values then.
#pragma once

#include <cmath>
#include <limits>

#include "core/lane.h"
#include "graph/op_def.h"
#include "ops/image.h"

namespace vg {

template <class Op>
concept ValueOp = requires(const Op op, float v) {
  op(v);
};
template <class Op>
concept ChannelOp = requires(const Op op, float v, int c) {
  op(v, c);
};
/// A template over any lane would take an Rgb as well: what takes a single float is no PixelOp.
template <class Op>
concept PixelOp = !ValueOp<Op> && !ChannelOp<Op> && requires(const Op op, Rgb<float> p) {
  op(p);
};

/// Values of a pixel as the drivers see it: the last extent, where it is one of channels.
inline int point_channels(const TensorDesc& desc) {
  const int ndim = desc.shape.ndim();
  const bool channel_last = ndim >= 3 && (desc.layout.empty() || desc.layout[ndim - 1] == 'C');
  return channel_last ? static_cast<int>(desc.shape[ndim - 1]) : 1;
}

/// Describes the output of a point operator: the input's shape and layout, another element type.
template <class Op>
Outcome<Op> point_plan(Plan& p, DType dtype, const Op& op) {
  VG_TRY(p.status());
  if constexpr (PixelOp<Op>) {
    VG_ASSIGN(const ImageDims dims, image_dims(p));
    if (dims.channels != 3)
      return p.bad("", "needs 3 channels (RGB); the input has {}", dims.channels);
  }
  p.out() = p.in();
  p.out().dtype = dtype;
  return op;
}

/// Largest value of an integer type; 1 for floats: the white of an image.
inline double range_of(DType dtype) {
  switch (dtype) {
    case DType::Uint8:
      return 255;
    case DType::Int8:
      return 127;
    case DType::Uint16:
      return 65535;
    case DType::Int16:
      return 32767;
    case DType::Uint32:
      return 4294967295.0;
    case DType::Int32:
      return 2147483647.0;
    default:
      return 1;
  }
}

}  // namespace vg
