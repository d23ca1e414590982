// The scatter family: what happens to a value depends on where it stands. Shape, type and layout of
// the output are those of the input.
//
// An operator is a trivially copyable struct of parameters with
//   static Schema schema();
//   static Outcome<Op> plan(Plan& p);             // usually: return scatter_plan(p, Op{...})
// and one of
//   Regions regions;                              boxes that are filled, one after another
//   bool operator()(int64_t x, int64_t y) const;  pixels of a frame that become 0
//   Choice choice; int operator()(uint32_t random) const;      number of a fill, or -1 to keep
//   PlaceKey key; float operator()(float value, uint32_t random) const;   noise, element by element
// Values that are kept are copied, so integers of any size stay exact.
#pragma once

#include "core/cast.h"
#include "core/distributions.h"
#include "graph/op_def.h"
#include "ops/image.h"

namespace vg {

/// The random numbers of places: number i is word i % 4 of Philox block i / 4.
struct PlaceKey {
  DrawKey key;
  SampleKey sample;
  VG_FN PhiloxBlock block(int64_t i) const { return key.block(static_cast<uint32_t>(i), sample); }
};

/// One value in the bytes of its type, where any type may lie.
struct alignas(8) Element {
  std::byte bytes[8];
};

/// Rounded (ties away from zero), then clamped.
inline Element element_of(DType dtype, double value) {
  Element e{};
  store_number(value, dtype, e.bytes);
  return e;
}

struct Box {
  int64_t low[Shape::kMaxDims], high[Shape::kMaxDims];  ///< inside of the tensor; may be empty
};

struct Regions {
  std::span<const Box> boxes;
  std::span<const Element> fill;  ///< one, or one per channel
};

struct Choice {
  PlaceKey key;
  bool per_element;  ///< else the channels of a pixel share their number
  Element fill[2];
};

/// Where the channels are: element = (outer * channels + c) * inner + i.
struct ChannelAxis {
  int64_t outer = 1, channels = 1, inner = 1;
};

/// The axis C of the layout; no layout: the last of at least three axes.
inline ChannelAxis channel_axis(const TensorDesc& desc) {
  const int n = desc.shape.ndim();
  const int axis = desc.layout.empty() ? (n >= 3 ? n - 1 : -1) : desc.layout.find('C');
  ChannelAxis a;
  for (int i = 0; i < n; i++)
    (i == axis ? a.channels : i < axis || axis < 0 ? a.outer : a.inner) *= desc.shape[i];
  return a;
}

template <class Op>
concept RegionOp = requires(const Op op) {
  op.regions.boxes;
};
template <class Op>
concept MaskOp = requires(const Op op, int64_t i) {
  op(i, i);
}
&&!requires(const Op op) { op.key; };
template <class Op>
concept ChoiceOp = requires(const Op op, uint32_t u) {
  op.choice.per_element, op(u);
};
template <class Op>
concept NoiseOp = requires(const Op op, float v, uint32_t u) {
  op.key.block(0), op(v, u);
};

template <class Op>
Outcome<Op> scatter_plan(Plan& p, const Op& op) {
  VG_TRY(p.status());
  p.out() = p.in();
  return op;
}

}  // namespace vg
