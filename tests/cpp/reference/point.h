// The point family, slowly: a pixel at a time, a value at a time, rounded by round_to.
#pragma once

#include "core/round.h"
#include "ops/lists/point.h"

namespace vg::reference {

/// From uint8 to uint8 with equal numbers of channels.
template <class Op>
void point(const Op& op, const TensorRef& in, const TensorRef& out) {
  const int channels = point_channels(in.desc);
  const int64_t n = in.desc.shape.elements();
  const auto value = [&](int64_t i) { return static_cast<float>(in.as<uint8_t>()[i]); };
  uint8_t* to = out.as<uint8_t>();
  if constexpr (PixelOp<Op>) {
    for (int64_t i = 0; i < n; i += 3) {
      const Rgb<float> p = op(Rgb<float>{value(i), value(i + 1), value(i + 2)});
      to[i] = round_to<uint8_t>(p.r);
      to[i + 1] = round_to<uint8_t>(p.g);
      to[i + 2] = round_to<uint8_t>(p.b);
    }
  } else {
    for (int64_t i = 0; i < n; i++) {
      if constexpr (ChannelOp<Op>)
        to[i] = round_to<uint8_t>(op(value(i), static_cast<int>(i % channels)));
      else
        to[i] = round_to<uint8_t>(op(value(i)));
    }
  }
}

template <class... Op>
Status run_point(TypeList<Op...>, const OpDef& op, const Work& work) {
  int i = 0;
  ((i++ == op.opcode ? point(work.param<Op>(), work.in[0], work.out[0]) : void()), ...);
  return {};
}

inline Status run_point(const OpDef& op, const Work& work) {
  return run_point(PointOps{}, op, work);
}

}  // namespace vg::reference
