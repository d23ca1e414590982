// The view family: blocks of an output are copied from inputs along straight lines, an axis at a
// time. Crop, flip, pad, transpose, concatenation and normalisation differ in their numbers only.
//
// An operator's plan returns ViewParams; the driver copies, converts the element type (exactly;
// floats to integers round ties away from zero, or lose their fraction, then clamp) or, where
// `affine` is given, computes (float(in) - mean) * factor + shift in this order and rounds once.
#pragma once

#include <array>
#include <span>

#include "core/lane.h"
#include "graph/op_def.h"

namespace vg {

/// What an output element is made from whose line has left the input.
enum class Outside : int8_t { Fill, Edge, Reflect1001, Reflect101, Wrap };

/// One axis of a block of the output, and the axis of the input that it runs along.
struct ViewAxis {
  int64_t extent = 1;      ///< of the block
  int64_t start = 0;       ///< index into the input's axis for the block's first; may be outside
  int64_t step = 1;        ///< what an output element adds to that index; not 0
  int64_t size = 1;        ///< extent of the input's axis
  int64_t stride = 0;      ///< input elements from one index to the next; 0: an axis of its own
  int64_t out_stride = 0;  ///< output elements from one to the next
};

/// The normalisation of a channel.
struct Affine {
  float mean = 0, factor = 1, shift = 0;
};

struct View {
  int input = 0, output = 0;
  int ndim = 0;
  std::array<ViewAxis, Shape::kMaxDims> axes;
  int64_t origin = 0;  ///< input element where index 0 of every axis lies
  int64_t offset = 0;  ///< of the block in the output, in elements
  Outside outside = Outside::Fill;
  /// Along it `fill` and `affine` have one value each; only Outside::Fill allows several.
  int channel_axis = -1;
  std::span<const double> fill;    ///< one value, or one per channel; empty: 0. Fractions are cut
  bool cut = false;                ///< floats to integers lose their fraction instead of rounding
  std::span<const Affine> affine;  ///< one, or one per channel of the input; empty: none
};

struct ViewParams {
  std::span<const View> views;  ///< together they write every output element once
};

/// Outputs beyond it are refused before their bytes overflow an integer.
inline constexpr double kMaxElements = 0x1p44;

/// Input `input` as it is: add starts, steps, other orders.
View view_of(const TensorDesc& desc, int input = 0);

/// Reverses the order along an axis (of the window that it holds); -1: there is no such axis.
void mirror(View& view, int axis, bool wanted = true);

/// Sets shape and type of the view's output from its axes, and the view's place to all of it.
/// `layout` must have as many letters as there are axes, or none.
Outcome<ViewParams> plan_view(Plan& p, View view, DType dtype, Layout layout);

/// Several views, which write parts of outputs that are described already.
ViewParams plan_views(Plan& p, std::span<const View> views);
/// Axes of a block inside an output of shape `out`.
void place(View& view, const Shape& out);

VG_FN int64_t wrapped(int64_t a, int64_t n) {
  const int64_t r = a % n;
  return r < 0 ? r + n : r;
}

/// Index inside [0, size) that stands for `index`; -1 for Fill.
VG_FN int64_t index_inside(Outside outside, int64_t i, int64_t size) {
  if (i >= 0 && i < size) return i;
  if (size == 0) return -1;
  switch (outside) {
    case Outside::Fill:
      return -1;
    case Outside::Edge:
      return i < 0 ? 0 : size - 1;
    case Outside::Wrap:
      return wrapped(i, size);
    case Outside::Reflect1001:
      i = wrapped(i, 2 * size);
      return i < size ? i : 2 * size - 1 - i;
    case Outside::Reflect101:
      if (size == 1) return 0;
      i = wrapped(i, 2 * size - 2);
      return i < size ? i : 2 * size - 2 - i;
  }
  return -1;
}

/// Output indices whose line is inside the input: [low, high).
struct Inside {
  int64_t low, high;
};
Inside inside_of(const ViewAxis& a);
bool is_inside(const ViewAxis& a);

/// Drops axes of one element and joins neighbours that are one line in both memories. Returns
/// the elements that the dropped axes skip in the input.
int64_t simplify(View& view);

/// The argument `out_of_bounds_policy`.
struct BoundsPolicy {
  bool trim = false;   ///< cut the window to the input
  bool error = false;  ///< refuse a window that leaves the input
  Outside outside = Outside::Fill;
};
Outcome<BoundsPolicy> bounds_policy(std::string_view name);

/// Moves the window [start, start + extent) of `axis` as `policy` says.
Status apply_window(const Plan& p, ViewAxis& axis, int64_t start, int64_t extent,
                    const BoundsPolicy& policy);

/// The axes of `desc` that the arguments name: `axis_names` if given, else `axes` if given, else
/// `default_names` where there is a layout, else `default_axes`. Negative axes count from the end.
Outcome<std::vector<int>> axes_of(Plan& p, const TensorDesc& desc, std::string_view default_names,
                                  std::span<const int> default_axes);

}  // namespace vg
