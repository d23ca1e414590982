// From views to tasks: few, long axes in 32 bits, fill values in the output's type.
#include <algorithm>
#include <cmath>
#include <vector>

#include "cuda/encoder.h"

namespace vg::cuda {
namespace {

int64_t elements_of(const View& v) {
  int64_t n = 1;
  for (int d = 0; d < v.ndim; d++) n *= v.axes[d].extent;
  return n;
}

/// Whether places and lines are counted by 32 bits.
bool fits(View v, const TensorDesc& in, const TensorDesc& out) {
  if (elements_of(v) == 0) return true;
  if (in.shape.elements() > kMost || out.shape.elements() > kMost) return false;
  simplify(v);
  for (int d = 0; d < v.ndim; d++) {
    const ViewAxis& a = v.axes[d];
    // As doubles, which do not overflow; they are far from exact only where nothing fits anyway.
    const double start = static_cast<double>(a.start), size = static_cast<double>(a.size);
    const double end = start + static_cast<double>(a.extent) * static_cast<double>(a.step);
    const auto most = static_cast<double>(kMost);
    if (std::abs(start) > most || std::abs(end) > most || size > most) return false;
  }
  return true;
}

Table<Element> fill_table(std::span<const double> fill, DType dtype, Encoder& encoder) {
  static constexpr double kZero[] = {0};
  if (fill.empty()) fill = kZero;
  std::vector<Element> values;
  for (double x : fill) values.push_back(element_of(dtype, is_float(dtype) ? x : std::trunc(x)));
  return encoder.table(std::span<const Element>(values));
}

/// Whether the block is one piece of memory.
bool is_dense(const View& v) {
  int64_t stride = 1;
  for (int d = v.ndim - 1; d >= 0; stride *= v.axes[d].extent, d--)
    if (v.axes[d].extent > 1 && v.axes[d].out_stride != stride) return false;
  return true;
}

ViewBlock block_of(View v, const TensorRef& in, const TensorRef& out, Encoder& encoder) {
  ViewBlock b;
  b.count = static_cast<uint32_t>(elements_of(v));
  b.in = in.data + (v.origin + simplify(v)) * size_of(in.desc.dtype);
  b.out = out.data + v.offset * size_of(out.desc.dtype);
  b.dense = is_dense(v);
  b.outside = v.outside;
  b.ndim = v.ndim;
  b.fill = fill_table(v.fill, out.desc.dtype, encoder);
  for (int d = 0; d < v.ndim; d++) {
    const ViewAxis& a = v.axes[d];
    b.axes[Shape::kMaxDims - v.ndim + d] = {
        static_cast<uint32_t>(a.extent),     static_cast<uint32_t>(a.stride),
        static_cast<uint32_t>(a.out_stride), d == v.channel_axis,
        static_cast<int32_t>(a.start),       static_cast<int32_t>(a.step),
        static_cast<int32_t>(a.size)};
  }
  return b;
}

void encode_one(const View& v, const TensorRef& in, const TensorRef& out, Encoder& encoder) {
  if (elements_of(v) == 0) return;
  const DType from = in.desc.dtype, to = out.desc.dtype;
  const ViewBlock block = block_of(v, in, out, encoder);
  if (!v.affine.empty())
    encoder.add(0, NormalizeView{block, from, to, encoder.table(v.affine)});
  else if (from == to)
    encoder.add(0, CopyView{block, static_cast<int>(size_of(to))});
  else
    encoder.add(0, ConvertView{block, from, to, v.cut});
}

}  // namespace

bool runs_view(const Work& work) {
  const auto views = work.param<ViewParams>().views;
  return std::all_of(views.begin(), views.end(), [&](const View& v) {
    return fits(v, work.in[v.input].desc, work.out[v.output].desc);
  });
}

void encode_view(const Work& work, Encoder& encoder) {
  for (const View& v : work.param<ViewParams>().views)
    encode_one(v, work.in[v.input], work.out[v.output], encoder);
}

}  // namespace vg::cuda
