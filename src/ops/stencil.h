// The stencil family: an element becomes a weighted sum of its neighbours in the spatial axes.
//
// Definition of the sums, for every device: float, starting from 0, taps in row-major order, a
// product and an addition each, no fused operation; one rounding at the end. From bytes to bytes, a
// kernel of few small taps (a sharpening one) has sums of whole numbers instead, which all devices
// have instructions for: see `WholeSum`.
#pragma once

#include <array>
#include <span>

#include "core/arena.h"
#include "core/border.h"
#include "graph/op_def.h"

namespace vg {

/// Weights in units of 1 / 2^14, sums that fit into 32 bits, halves to even. A result is off by at
/// most 0.07 before it is rounded.
struct WholeSum {
  static constexpr int kBits = 14;
  static constexpr size_t kMostTaps = 9;
  VG_FN static int32_t rounded(int32_t sum) {
    return (sum + ((1 << (kBits - 1)) - 1) + (sum >> kBits & 1)) >> kBits;
  }
  VG_FN static uint8_t finish(int32_t sum) {
    const int32_t value = rounded(sum);
    return static_cast<uint8_t>(value < 0 ? 0 : value > 255 ? 255 : value);
  }
  /// The weights of a kernel; empty if there are too many, or one is 2 or more.
  static std::span<const int16_t> weights(std::span<const float> kernel, Arena& arena);
};

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
  std::span<const int16_t> whole;  ///< the kernel, if its sums are of whole numbers; else empty
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
