// The scatter family, slowly: every element by itself.
#pragma once

#include "core/round.h"
#include "cpu/convert.h"
#include "ops/lists/scatter.h"

namespace vg::reference {

struct Place {
  int64_t element, pixel, channel;
  int64_t index[Shape::kMaxDims];
};

inline Place place_of(const TensorDesc& desc, int64_t element) {
  Place p{element, 0, 0, {}};
  const ChannelAxis a = channel_axis(desc);
  p.channel = element / a.inner % a.channels;
  p.pixel = element / (a.inner * a.channels) * a.inner + element % a.inner;
  for (int i = desc.shape.ndim() - 1; i >= 0; i--) {
    p.index[i] = element % desc.shape[i];
    element /= desc.shape[i];
  }
  return p;
}

inline uint32_t number(const PlaceKey& key, int64_t i) {
  return key.block(i / 4)[static_cast<size_t>(i % 4)];
}

template <class Op>
void scatter(const Op& op, const TensorRef& in, const TensorRef& out) {
  const TensorDesc& desc = in.desc;
  const auto size = static_cast<size_t>(size_of(desc.dtype));
  for (int64_t e = 0; e < desc.shape.elements(); e++) {
    const std::byte* from = in.data + static_cast<size_t>(e) * size;
    std::byte* to = out.data + static_cast<size_t>(e) * size;
    std::memcpy(to, from, size);
    const Place place = place_of(desc, e);
    if constexpr (RegionOp<Op>) {
      for (const Box& box : op.regions.boxes) {
        bool inside = true;
        for (int i = 0; i < desc.shape.ndim(); i++)
          inside = inside && place.index[i] >= box.low[i] && place.index[i] < box.high[i];
        const auto fill = op.regions.fill;
        const auto c = static_cast<size_t>(fill.size() == 1 ? 0 : place.channel);
        if (inside) std::memcpy(to, fill[c].bytes, size);
      }
    } else if constexpr (ChoiceOp<Op>) {
      const int k = op(number(op.choice.key, op.choice.per_element ? e : place.pixel));
      if (k >= 0) std::memcpy(to, op.choice.fill[k].bytes, size);
    } else if constexpr (NoiseOp<Op>) {
      float value;
      cpu::load_tile(desc.dtype, from, &value, 1);
      value = op(value, number(op.key, e));
      cpu::round_tile(desc.dtype, &value, 1);
      cpu::store_tile(desc.dtype, &value, to, 1);
    } else {
      const int x = desc.shape.ndim() - 2;  // channels are last
      if (op(place.index[x], place.index[x - 1])) std::memset(to, 0, size);
    }
  }
}

template <class... Op>
Status run_scatter(TypeList<Op...>, const OpDef& op, const Work& work) {
  int i = 0;
  ((i++ == op.opcode ? scatter(work.param<Op>(), work.in[0], work.out[0]) : void()), ...);
  return {};
}

inline Status run_scatter(const OpDef& op, const Work& work) {
  return run_scatter(ScatterOps{}, op, work);
}

}  // namespace vg::reference
