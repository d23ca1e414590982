// The stencil family: an element becomes a weighted sum of its neighbours in the spatial axes.
//
// Definition of the sums, for every device: float, starting from 0, taps in row-major order, a
// product and an addition each, no fused operation; one rounding at the end.
#pragma once

#include <array>
#include <span>

#include "core/border.h"
#include "graph/op_def.h"

namespace vg {

/// Axes of the data as the drivers see them: `outer` independent fields of `extents`, whose
/// elements are `inner` channels. Data with fewer than three spatial axes have leading extents
/// of 1.
struct StencilField {
  int64_t outer = 1, inner = 1;
  std::array<int64_t, 3> extents{1, 1, 1};
  int axes = 0;        ///< spatial axes that the data have
  int first_axis = 0;  ///< of the data
};

/// One window per axis (depth, height, width), applied from the last axis to the first.
/// The windows have odd sizes and are centred.
struct StencilTerm {
  std::array<std::span<const float>, 3> windows;
  float scale = 1;
};

/// What the stencil drivers interpret. Dense: `kernel` in the plane; else the sum of the terms,
/// each times its scale, in order.
struct StencilParams {
  StencilField field;
  std::array<int64_t, 2> out_extents{};  ///< height, width; dense only
  bool dense = false;
  std::span<const float> kernel;
  std::array<int, 2> kernel_extents{}, origin{};  ///< the tap that lies on the output's element
  Border border = Border::Reflect101;
  float fill = 0;
  bool halves_to_even = false;
  int terms = 0;
  std::array<StencilTerm, 3> term;
};

/// The axes D, H, W of the layout, which must follow each other; without a layout all axes.
Outcome<StencilField> stencil_field(Plan& p);

/// Describes the output: same shape, argument `dtype` (the input's type or FLOAT).
Status stencil_output(Plan& p);

/// A window of one 1, in all places: the identity from which a term is made.
StencilTerm stencil_identity(Plan& p);

}  // namespace vg
