// What may be fused with what, and the task that comes of it.
#include "cuda/segment.h"

#include <array>
#include <cstring>
#include <limits>

#include "cuda/tasks/histogram.h"
#include "cuda/tasks/image.h"
#include "ops/stencil.h"
#include "ops/view.h"
#include "ops/warp.h"

namespace vg::cuda {
namespace {

struct PointCode {
  size_t bytes;
  bool whole_pixel, fits;
};

template <class... Op>
constexpr std::array<PointCode, sizeof...(Op)> point_codes(TypeList<Op...>) {
  return {{{sizeof(Op), PixelOp<Op>,
            sizeof(Op) <= SegmentPoint::kMaxBytes && !requires {Op::kReadsTable;
}
}  // namespace
...
}  // namespace vg::cuda
}
;
}
constexpr auto kPoints = point_codes(PointOps{});

template <class... Op>
constexpr std::array<size_t, sizeof...(Op)> sizes_of(TypeList<Op...>) {
  return {sizeof(Op)...};
}
constexpr auto kMeasured = sizes_of(MeasuredOps{});

const OpDef& op_of(const DeviceStep& s) { return *s.node->op; }

/// One interleaved uint8 image of one or three channels.
bool is_image(const TensorDesc& desc) {
  if (desc.dtype != DType::Uint8) return false;
  const auto dims = image_dims(desc);
  return dims.ok() && dims.value().frames == 1 &&
         (dims.value().channels == 1 || dims.value().channels == 3) && desc.shape.elements() > 0 &&
         desc.shape.elements() < std::numeric_limits<int32_t>::max();
}

template <class T>
const T& params(const DeviceStep& s) {
  return *static_cast<const T*>(s.params);
}

bool is_small_stencil(const DeviceStep& s) {
  const auto& p = params<StencilParams>(s);
  return p.dense && p.halves_to_even && p.field.outer == 1 && p.kernel_extents[0] == 3 &&
         p.kernel_extents[1] == 3 && p.origin[0] == 1 && p.origin[1] == 1 &&
         p.out_extents[0] == p.field.extents[1] && p.out_extents[1] == p.field.extents[2];
}

bool is_point(const DeviceStep& s, bool measured) {
  if (op_of(s).family != Family::Point || s.in[0].desc.shape.ndim() != s.out[0].desc.shape.ndim())
    return false;
  const PointCode& code = kPoints[static_cast<size_t>(op_of(s).opcode)];
  return code.fits && !(measured && code.whole_pixel) && is_image(s.in[0].desc) &&
         is_image(s.out[0].desc) && s.in[0].desc.shape == s.out[0].desc.shape;
}

/// The whole image, normalised: each channel in a plane of its own, or as they lie.
struct Normalised {
  bool planar;
  std::span<const Affine> affine;
};

std::optional<Normalised> normalised(const DeviceStep& s) {
  if (op_of(s).family != Family::View || !is_image(s.in[0].desc)) return std::nullopt;
  const DType to = s.out[0].desc.dtype;
  const auto& views = params<ViewParams>(s).views;
  if (views.size() != 1 || views[0].affine.empty() || (to != DType::Float16 && to != DType::Float))
    return std::nullopt;
  const View& v = views[0];
  const auto dims = image_dims(s.in[0].desc);
  const int64_t channels = dims.value().channels, height = dims.value().height,
                width = dims.value().width;
  if (v.ndim != s.in[0].desc.shape.ndim() || v.origin != 0 || v.offset != 0) return std::nullopt;
  int64_t out_stride = 1, elements = 1;
  for (int d = v.ndim - 1; d >= 0; d--) {
    const ViewAxis& a = v.axes[static_cast<size_t>(d)];
    if (a.start != 0 || a.step != 1 || a.extent != a.size || a.out_stride != out_stride)
      return std::nullopt;
    out_stride *= a.extent;
    elements *= a.extent;
  }
  if (elements != channels * height * width) return std::nullopt;
  const auto is = [&](int d, int64_t extent, int64_t stride) {
    const ViewAxis& a = v.axes[static_cast<size_t>(d)];
    return a.extent == extent && (a.stride == stride || extent == 1);
  };
  if (v.ndim == 2 && is(0, height, width) && is(1, width, 1)) return Normalised{false, v.affine};
  if (v.ndim != 3) return std::nullopt;
  const auto per_channel = static_cast<int64_t>(v.affine.size());
  if (per_channel != 1 && per_channel != channels) return std::nullopt;
  if (is(0, channels, 1) && is(1, height, width * channels) && is(2, width, channels) &&
      (per_channel == 1 || v.channel_axis == 0))
    return Normalised{true, v.affine};
  if (is(0, height, width * channels) && is(1, width, channels) && is(2, channels, 1) &&
      (per_channel == 1 || v.channel_axis == 2))
    return Normalised{false, v.affine};
  return std::nullopt;
}

}  // namespace

size_t segment_length(const DeviceProgram& program, size_t first, std::span<const int> uses) {
  const DeviceStep& head = program.steps[first];
  if (head.in.empty() || !is_image(head.in[0].desc)) return 0;
  const Family family = op_of(head).family;
  const bool measured = family == Family::Measured;
  size_t n = 0;
  int points = 0;
  bool stored = false;
  if (measured || family == Family::Warp || family == Family::Stencil) {
    if (!is_image(head.out[0].desc)) return 0;
    if (family == Family::Stencil && !is_small_stencil(head)) return 0;
    if (measured &&
        kMeasured[static_cast<size_t>(op_of(head).opcode)] > sizeof(ImageTask::measured_params))
      return 0;
    n = 1;
  }
  for (size_t i = first + n; i < program.steps.size() && !stored; i++, n++) {
    const DeviceStep& s = program.steps[i];
    if (n > 0) {  // the value between is nobody else's
      const int between = program.steps[i - 1].out_values[0];
      const DeviceValue& value = program.values[static_cast<size_t>(between)];
      if (s.in.empty() || s.in_values[0] != between || value.keep || value.data ||
          uses[static_cast<size_t>(between)] != 1)
        break;
    }
    if (points < ImageTask::kMaxPoints && is_point(s, measured))
      points++;
    else if (normalised(s))
      stored = true;
    else
      break;
  }
  return n;
}

void encode_segment(std::span<const DeviceStep> steps, const std::byte* in, std::byte* out,
                    Encoder& encoder) {
  ImageTask t{};
  const ImageDims from = *image_dims(steps[0].in[0].desc);
  t.in = reinterpret_cast<const uint8_t*>(in);
  t.out = out;
  t.in_width = t.width = from.width;
  t.in_height = t.height = from.height;
  t.channels = from.channels;
  t.measured = -1;
  bool whole_pixel = false;
  int after = 0;
  for (const DeviceStep& s : steps) {
    switch (op_of(s).family) {
      case Family::Warp: {
        const auto& p = params<WarpParams>(s);
        t.head = Head::Warp;
        t.width = p.out_width, t.height = p.out_height;
        t.steps = p.steps;
        t.nearest = p.nearest, t.clamp = p.clamp;
        t.fill = round_to<uint8_t>(p.fill);
        break;
      }
      case Family::Stencil: {
        const auto& p = params<StencilParams>(s);
        t.head = Head::Stencil;
        t.border = p.border;
        t.stencil_fill = p.fill;
        for (size_t k = 0; k < 9; k++) t.kernel[k] = p.kernel[k];
        break;
      }
      case Family::Measured: {
        t.measured = op_of(s).opcode;
        t.pixels_in = from.height * from.width;
        std::memcpy(t.measured_params, s.params, kMeasured[static_cast<size_t>(t.measured)]);
        auto* count = reinterpret_cast<uint32_t*>(encoder.zeroed(int64_t{1024} * from.channels));
        t.count = count;
        encoder.add(0, HistogramTask{t.in, count, t.pixels_in, t.channels});
        after = 1;
        break;
      }
      case Family::Point: {
        const PointCode& code = kPoints[static_cast<size_t>(op_of(s).opcode)];
        whole_pixel = whole_pixel || code.whole_pixel;
        SegmentPoint& p = t.point[t.points++];
        p.opcode = op_of(s).opcode;
        std::memcpy(p.params, s.params, code.bytes);
        break;
      }
      default: {
        const auto affine = normalised(s)->affine;
        t.planar = normalised(s)->planar;
        t.store = s.out[0].desc.dtype == DType::Float ? Store::Float : Store::Half;
        for (size_t c = 0; c < 3; c++) {
          const Affine& a = affine[std::min(c, affine.size() - 1)];
          t.mean[c] = a.mean, t.factor[c] = a.factor, t.shift[c] = a.shift;
        }
      }
    }
  }
  t.tables = t.measured >= 0 || (t.points > 0 && !whole_pixel);
  encoder.add(after, t);
}

}  // namespace vg::cuda
