// What may be done in one pass, and the tasks that come of it.
#include "cuda/segment.h"

#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "cuda/tasks/chain.h"
#include "cuda/tasks/histogram.h"
#include "cuda/tasks/image.h"
#include "ops/stencil.h"
#include "ops/view.h"
#include "ops/warp.h"

namespace vg::cuda {
namespace {

template <class Op>
concept ReadsTable = requires {
  Op::kReadsTable;
};

struct PointCode {
  size_t bytes;
  bool whole_pixel, fits;
};
template <class... Op>
constexpr std::array<PointCode, sizeof...(Op)> point_codes(TypeList<Op...>) {
  return {PointCode{sizeof(Op), PixelOp<Op>,
                    sizeof(Op) <= StagePoint::kMaxBytes && !ReadsTable<Op>}...};
}
constexpr auto kPoints = point_codes(PointOps{});

template <class... Op>
constexpr std::array<size_t, sizeof...(Op)> sizes_of(TypeList<Op...>) {
  return {sizeof(Op)...};
}
constexpr auto kMeasured = sizes_of(MeasuredOps{});

const OpDef& op_of(const DeviceStep& s) { return *s.node->op; }

template <class T>
const T& params(const DeviceStep& s) {
  return *static_cast<const T*>(s.params);
}

/// One interleaved uint8 image of one or three channels.
std::optional<ImageDims> image_of(const TensorDesc& desc) {
  // What image_dims says of others, such as the bytes of a file, would take longer than the rest.
  if (desc.dtype != DType::Uint8 || desc.shape.ndim() < 2) return std::nullopt;
  const auto dims = image_dims(desc);
  if (!dims.ok() || dims->frames != 1 || (dims->channels != 1 && dims->channels != 3) ||
      desc.shape.elements() <= 0 || desc.shape.elements() >= std::numeric_limits<int32_t>::max())
    return std::nullopt;
  return *dims;
}

bool is_small_stencil(const StencilParams& p) {
  return !p.whole.empty() && p.field.outer == 1 && p.kernel_extents[0] == 3 &&
         p.kernel_extents[1] == 3 && p.origin[0] == 1 && p.origin[1] == 1 &&
         p.out_extents[0] == p.field.extents[1] && p.out_extents[1] == p.field.extents[2];
}

/// The heads: what moves pixels, or measures them.
bool read_head(const DeviceStep& s, ImageStage& g) {
  if (!image_of(s.out[0].desc)) return false;
  switch (op_of(s).family) {
    case Family::Warp: {
      const auto& p = params<WarpParams>(s);
      g.head = Head::Warp;
      g.width = static_cast<int>(p.out_width), g.height = static_cast<int>(p.out_height);
      g.steps = p.steps;
      g.nearest = p.nearest, g.clamp = p.clamp;
      g.along_rows = !p.nearest && p.steps.dx.u == int64_t{1} << 32 && p.steps.dx.v == 0;
      g.fill = round_to<uint8_t>(p.fill);
      return true;
    }
    case Family::Stencil: {
      const auto& p = params<StencilParams>(s);
      if (!is_small_stencil(p)) return false;
      g.head = Head::Stencil;
      g.border = p.border;
      g.fill = static_cast<uint8_t>(p.fill);
      for (size_t row = 0; row < 3; row++) {
        const auto weight = [&](size_t k) {
          return uint32_t{static_cast<uint16_t>(p.whole[3 * row + k])};
        };
        g.kernel_pair[row] = weight(0) | weight(1) << 16;
        g.kernel_last[row] = weight(2);
      }
      return true;
    }
    case Family::Measured: {
      const int opcode = op_of(s).opcode;
      const size_t bytes = kMeasured[static_cast<size_t>(opcode)];
      if (bytes > sizeof(g.measured_params)) return false;
      g.measured = opcode;
      std::memcpy(g.measured_params, s.params, bytes);
      return true;
    }
    default:
      return false;
  }
}

/// A point takes its place if all that comes before it lets it.
bool read_point(const DeviceStep& s, ImageStage& g, bool& whole_pixel) {
  if (op_of(s).family != Family::Point || g.points == ImageStage::kMaxPoints) return false;
  const PointCode& code = kPoints[static_cast<size_t>(op_of(s).opcode)];
  if (!code.fits || (code.whole_pixel && (g.measured >= 0 || g.head != Head::None)) ||
      !image_of(s.in[0].desc) || !image_of(s.out[0].desc) ||
      !(s.in[0].desc.shape == s.out[0].desc.shape))
    return false;
  whole_pixel = whole_pixel || code.whole_pixel;
  StagePoint& p = g.point[g.points++];
  p.opcode = op_of(s).opcode;
  std::memcpy(p.params, s.params, code.bytes);
  return true;
}

/// The whole image, normalised: each channel in a plane of its own, or as they lie; rows perhaps
/// from right to left.
bool read_store(const DeviceStep& s, ImageStage& g) {
  if (op_of(s).family != Family::View) return false;
  const auto dims = image_of(s.in[0].desc);
  const DType to = s.out[0].desc.dtype;
  const auto& views = params<ViewParams>(s).views;
  if (!dims || views.size() != 1 || views[0].affine.empty() ||
      (to != DType::Float16 && to != DType::Float))
    return false;
  const View& v = views[0];
  const int64_t channels = dims->channels, height = dims->height, width = dims->width;
  const auto values = static_cast<int64_t>(v.affine.size());
  if (v.ndim != s.in[0].desc.shape.ndim() || v.origin != 0 || v.offset != 0 ||
      (values != 1 && values != channels))
    return false;
  int64_t out_stride = 1, elements = 1;
  bool mirror = false;
  for (int d = v.ndim - 1; d >= 0; d--) {
    const ViewAxis& a = v.axes[static_cast<size_t>(d)];
    const bool reversed = a.step == -1 && a.start == a.extent - 1 && a.extent > 1 &&
                          a.stride == channels && a.size == width;
    if (!reversed && (a.start != 0 || a.step != 1)) return false;
    if (a.extent != a.size || a.out_stride != out_stride) return false;
    mirror = mirror || reversed;
    out_stride *= a.extent;
    elements *= a.extent;
  }
  if (elements != channels * height * width) return false;
  const auto is = [&](int d, int64_t extent, int64_t stride) {
    const ViewAxis& a = v.axes[static_cast<size_t>(d)];
    return a.extent == extent && (a.stride == stride || extent == 1);
  };
  const auto along = [&](int axis) { return values == 1 || v.channel_axis == axis; };
  if (v.ndim == 2 && is(0, height, width) && is(1, width, 1))
    g.planar = false;
  else if (v.ndim == 3 && is(0, channels, 1) && is(1, height, width * channels) &&
           is(2, width, channels) && along(0))
    g.planar = true;
  else if (v.ndim == 3 && is(0, height, width * channels) && is(1, width, channels) &&
           is(2, channels, 1) && along(2))
    g.planar = false;
  else
    return false;
  g.mirror = mirror;
  g.store = to == DType::Float ? Store::Float : Store::Half;
  for (size_t c = 0; c < 3; c++) {
    const Affine& a = v.affine[std::min(c, v.affine.size() - 1)];
    g.mean[c] = a.mean, g.factor[c] = a.factor, g.shift[c] = a.shift;
  }
  return true;
}

/// What an H100 was measured to need for a pixel, in eighths of what it needs to load and store it.
/// Blocks start in the order of their cost: a wrong guess leaves one to the end.
constexpr int64_t kCopy = 8;
int64_t cost_of(const ImageStage& g) {
  constexpr int64_t kMeasure = 4, kStencil = 7, kWarp = 11, kWarpAlongRows = 6, kWholePixel = 3;
  int64_t pass = g.tables ? 1 : kWholePixel * g.points;
  if (g.head == Head::Stencil) pass += kStencil;
  if (g.head == Head::Warp) pass += g.along_rows ? kWarpAlongRows : kWarp;
  return pass * g.pixels() + (g.measured < 0 ? 0 : kMeasure * g.pixels_in());
}

}  // namespace

size_t read_stage(const DeviceProgram& program, size_t first, std::span<const int> uses,
                  ImageStage& g) {
  const DeviceStep& head = program.steps[first];
  if (head.in.empty()) return 0;
  const auto dims = image_of(head.in[0].desc);
  if (!dims) return 0;
  g = ImageStage{};
  g.in_width = g.width = static_cast<int>(dims->width);
  g.in_height = g.height = static_cast<int>(dims->height);
  g.channels = static_cast<int>(dims->channels);
  g.measured = -1;
  size_t n = 0;
  bool whole_pixel = false;
  for (size_t i = first; i < program.steps.size() && g.store == Store::Bytes; i++, n++) {
    const DeviceStep& s = program.steps[i];
    if (n == 0 && read_head(s, g)) continue;
    if (n > 0 && !feeds_only(program, i - 1, uses)) break;
    if (!read_point(s, g, whole_pixel) && !read_store(s, g)) break;
  }
  g.tables = g.measured >= 0 || (g.points > 0 && !whole_pixel);
  return n;
}

bool feeds_only(const DeviceProgram& program, size_t i, std::span<const int> uses) {
  if (i + 1 >= program.steps.size() || program.steps[i].out_values.empty()) return false;
  const DeviceStep& next = program.steps[i + 1];
  const int between = program.steps[i].out_values[0];
  const DeviceValue& value = program.values[static_cast<size_t>(between)];
  return !next.in.empty() && next.in_values[0] == between && !value.keep && !value.data &&
         uses[static_cast<size_t>(between)] == 1;
}

bool fits_block(const ImageStage& g, int block_memory) {
  return g.bytes_in() <= 4 * int64_t{block_memory} && g.bytes() <= block_memory;
}

bool reads_at_random(const ImageStage& g) {
  const double climb = std::abs(static_cast<double>(g.steps.dx.v)) * 0x1p-32;
  return g.head == Head::Stencil || (g.head == Head::Warp && climb > 3.0 / 16);
}

void encode_stage(const ImageStage& stage, const std::byte* in, std::byte* out, Encoder& encoder) {
  ImageTask t{reinterpret_cast<const uint8_t*>(in), out, nullptr, stage};
  int step = 0;
  if (stage.measured >= 0) {
    auto* count = reinterpret_cast<uint32_t*>(encoder.zeroed(int64_t{1024} * stage.channels));
    encoder.add(step++, HistogramTask{t.in, count, stage.pixels_in(), stage.channels});
    t.count = count;
  }
  encoder.add(step, t);
}

void encode_chain(std::span<const ImageStage> stages, const std::byte* in, std::byte* out,
                  Encoder& encoder) {
  ChainTask t{reinterpret_cast<const uint8_t*>(in), out, nullptr, encoder.table(stages),
              kCopy * stages.back().pixels()};
  int64_t scratch = 0;
  for (size_t k = 0; k < stages.size(); k++) {
    const ImageStage& g = stages[k];
    t.cost += cost_of(g);
    if (k + 1 < stages.size() && g.head != Head::None && (k > 0 || g.brings))
      scratch = std::max(scratch, g.bytes());
  }
  if (scratch > 0) t.scratch = encoder.temporary(scratch);
  encoder.add(0, t);
}

}  // namespace vg::cuda
