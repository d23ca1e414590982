// From scatter operators to tasks, by what an operator offers.
#include <cstring>
#include <vector>

#include "cuda/encoder.h"

namespace vg::cuda {
namespace {

template <class T>
T task_of(const Work& work) {
  T t;
  const TensorDesc& desc = work.out[0].desc;
  t.in = work.in[0].data;
  t.out = work.out[0].data;
  t.count = static_cast<uint32_t>(desc.shape.elements());
  t.dtype = desc.dtype;
  t.size = static_cast<int>(size_of(desc.dtype));
  return t;
}

template <class T, class Op>
T task_of(const Work& work, const Op& op) {
  T t = task_of<T>(work);
  t.opcode = work.node.op->opcode;
  std::memcpy(t.params, &op, sizeof op);
  return t;
}

bool is_empty(const Box& box, int ndim) {
  for (int d = 0; d < ndim; d++)
    if (box.low[d] >= box.high[d]) return true;
  return false;
}

/// Boxes along the axes that some box does not cover; empty ones go.
void encode_regions(const Regions& regions, const Work& work, Encoder& encoder) {
  const Shape& shape = work.out[0].desc.shape;
  const int ndim = shape.ndim();
  auto t = task_of<ScatterRegions>(work);
  const ChannelAxis channel = channel_axis(work.out[0].desc);
  t.channels = static_cast<uint32_t>(channel.channels);
  t.inner = static_cast<uint32_t>(channel.inner);
  t.fill = encoder.table(regions.fill);
  std::vector<int> axes;
  for (int d = 0; d < ndim; d++)
    for (const Box& box : regions.boxes)
      if (box.low[d] > 0 || box.high[d] < shape[d]) {
        axes.push_back(d);
        break;
      }
  t.axes = 0;
  for (int d : axes) {
    uint32_t stride = 1;
    for (int i = d + 1; i < ndim; i++) stride *= static_cast<uint32_t>(shape[i]);
    t.extent[t.axes] = static_cast<uint32_t>(shape[d]);
    t.stride[t.axes++] = stride;
  }
  std::vector<uint32_t> bounds;
  t.boxes = 0;
  for (const Box& box : regions.boxes) {
    if (is_empty(box, ndim)) continue;
    t.boxes++;
    for (int d : axes) {
      bounds.push_back(static_cast<uint32_t>(box.low[d]));
      bounds.push_back(static_cast<uint32_t>(box.high[d]));
    }
  }
  t.bounds = encoder.table(std::span<const uint32_t>(bounds));
  encoder.add(0, t);
}

template <class Op>
void encode(const Op& op, const Work& work, Encoder& encoder) {
  const TensorDesc& desc = work.out[0].desc;
  if constexpr (RegionOp<Op>) {
    encode_regions(op.regions, work, encoder);
  } else if constexpr (NoiseOp<Op>) {
    encoder.add(0, task_of<ScatterNoise>(work, op));
  } else if constexpr (ChoiceOp<Op>) {
    auto t = task_of<ScatterChoice>(work, op);
    ChannelAxis a = channel_axis(desc);
    if (op.choice.per_element) a = {desc.shape.elements(), 1, 1};
    t.places = static_cast<uint32_t>(a.outer * a.inner);
    t.channels = static_cast<uint32_t>(a.channels);
    t.inner = static_cast<uint32_t>(a.inner);
    encoder.add(0, t);
  } else {
    const ImageDims d = *image_dims(desc);
    auto t = task_of<ScatterMask>(work, op);
    t.height = static_cast<uint32_t>(d.height);
    t.width = static_cast<uint32_t>(d.width);
    t.channels = static_cast<uint32_t>(d.channels);
    encoder.add(0, t);
  }
}

}  // namespace

bool runs_scatter(const Work& work) {
  const TensorDesc& desc = work.out[0].desc;
  bool takes = desc.shape.elements() <= kMost;
  with_op(ScatterOps{}, work.node.op->opcode, [&]<class Op>() {
    if constexpr (MaskOp<Op>) takes = takes && image_dims(desc).ok();
  });
  return takes;
}

void encode_scatter(const Work& work, Encoder& encoder) {
  if (work.out[0].desc.shape.elements() == 0) return;
  with_op(ScatterOps{}, work.node.op->opcode,
          [&]<class Op>() { encode(work.param<Op>(), work, encoder); });
}

}  // namespace vg::cuda
