// From slice arguments to windows.
#include "ops/slice_args.h"

#include <cmath>

namespace vg {
namespace {

/// `count` numbers of a positional input, and whether they are floats (so may be relative).
Outcome<std::span<const double>> read_input(Plan& p, int input, size_t count) {
  const TensorRef& t = p.input(input);
  const DType type = t.desc.dtype;
  if (type != DType::Int32 && type != DType::Int64 && type != DType::Float)
    return p.bad("", "anchor and shape must be int32, int64 or float32; got {}", name_of(type));
  if (t.desc.shape.elements() != static_cast<int64_t>(count))
    return p.bad("", "anchor and shape need one number for each of {} axes; got {}", count,
                 t.desc.shape.elements());
  std::span<double> numbers = p.arena().array<double>(count);
  for (size_t i = 0; i < count; i++) numbers[i] = element(t, static_cast<int64_t>(i));
  return std::span<const double>(numbers);
}

/// An argument in pixels or, under its other name, in units of the extent. Relative numbers are
/// float32, as the library that defined them holds them: 0.7 of 5 lies below 3.5.
Outcome<std::optional<double>> read(Plan& p, ArgName absolute, ArgName relative, int i, int count,
                                    int64_t extent) {
  if (p.has(absolute)) return std::optional<double>(p.numbers(absolute, count)[i]);
  if (!p.has(relative)) return std::optional<double>();
  const auto share = static_cast<float>(p.numbers(relative, count)[i]);
  return std::optional<double>(share * static_cast<double>(extent));
}

}  // namespace

Schema slice_args() {
  return Schema()
      .tensor_arg("start", ArgType::Floats, "first index along each axis of `axes`, in pixels")
      .tensor_arg("rel_start", ArgType::Floats, "first index as a share of the extent")
      .tensor_arg("end", ArgType::Floats, "index after the last, in pixels; default: the extent")
      .tensor_arg("rel_end", ArgType::Floats, "index after the last as a share of the extent")
      .tensor_arg("shape", ArgType::Floats, "extent of the slice in pixels, instead of an end")
      .tensor_arg("rel_shape", ArgType::Floats, "extent of the slice as a share of the extent")
      .arg("axes", ArgType::Ints, std::vector<int64_t>{1, 0},
           "axes that are sliced, in the order of the other arguments; negative: from the end")
      .arg("axis_names", ArgType::String, "WH",
           "the same by letters of the layout; wins over axes where there is a layout")
      .arg("normalized_anchor", ArgType::Bool, true, "a positional float anchor is relative")
      .arg("normalized_shape", ArgType::Bool, true, "a positional float shape is relative");
}

Status check_slice(const Node& node) {
  static constexpr std::pair<std::string_view, std::string_view> kExclusive[] = {
      {"start", "rel_start"}, {"end", "rel_end"},   {"shape", "rel_shape"},  {"end", "shape"},
      {"end", "rel_shape"},   {"rel_end", "shape"}, {"rel_end", "rel_shape"}};
  for (auto [a, b] : kExclusive)
    if (node.has(a) && node.has(b))
      return node.problem(ErrorKind::Runtime, a, fmt::format("and {} exclude each other", b));
  if (node.schema().index_of("out_of_bounds_policy") >= 0)
    if (auto policy = bounds_policy(node.text("out_of_bounds_policy")); !policy.ok())
      return node.problem(ErrorKind::Runtime, "out_of_bounds_policy", policy.failure().message);
  return {};
}

Outcome<std::vector<Window>> slice_windows(Plan& p, const TensorDesc& desc, int first) {
  static constexpr int kDefaultAxes[] = {1, 0};
  std::vector<Window> windows;
  for (int64_t extent : desc.shape) windows.push_back({0, extent});
  VG_ASSIGN(const std::vector<int> axes, axes_of(p, desc, "WH", kDefaultAxes));
  const int n = static_cast<int>(axes.size());
  std::span<const double> anchor, shape;
  bool share_anchor = false, share_shape = false;
  if (p.inputs() > first) {
    if (p.inputs() != first + 2) return p.bad("", "needs both anchor and shape as inputs");
    VG_ASSIGN(anchor, read_input(p, first, axes.size()));
    VG_ASSIGN(shape, read_input(p, first + 1, axes.size()));
    share_anchor = p.in(first).dtype == DType::Float && p.get<bool>("normalized_anchor");
    share_shape = p.in(first + 1).dtype == DType::Float && p.get<bool>("normalized_shape");
  }
  for (int i = 0; i < n; i++) {
    const int64_t extent = desc.shape[axes[i]];
    double start = 0, end = static_cast<double>(extent);
    if (!anchor.empty()) {
      start = anchor[i] * (share_anchor ? static_cast<double>(extent) : 1);
      end = start + shape[i] * (share_shape ? static_cast<double>(extent) : 1);
      if (share_anchor && share_shape) end = (anchor[i] + shape[i]) * static_cast<double>(extent);
    } else {
      VG_ASSIGN(const auto from, read(p, "start", "rel_start", i, n, extent));
      VG_ASSIGN(const auto to, read(p, "end", "rel_end", i, n, extent));
      VG_ASSIGN(const auto size, read(p, "shape", "rel_shape", i, n, extent));
      VG_TRY(p.status());
      start = from.value_or(0);
      end = to ? *to : size ? start + *size : end;
    }
    if (!(std::abs(start) < 1e9 && std::abs(end) < 1e9))
      return p.bad("", "start {} and end {} are not extents of an image", start, end);
    if (end < start)
      return p.bad("", "the end ({}) lies before the start ({}) on axis {}", end, start, axes[i]);
    windows[axes[i]].start = static_cast<int64_t>(std::round(start));
    windows[axes[i]].extent = static_cast<int64_t>(std::round(end)) - windows[axes[i]].start;
  }
  return windows;
}

}  // namespace vg
