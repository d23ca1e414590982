// Planning of `filter`: its kernel, anchor and border.
#include "ops/filter.h"

#include "core/round.h"

namespace vg {
namespace {

Outcome<Border> border_of(Plan& p) {
  const auto name = p.get<std::string_view>("border");
  const std::string_view names[] = {"reflect_101", "reflect_1001", "wrap", "clamp", "constant"};
  for (int i = 0; i < 5; i++)
    if (name == names[i]) return static_cast<Border>(i);
  return p.bad("border", "= \"{}\" is not one of reflect_101, reflect_1001, wrap, clamp, constant",
               name);
}

}  // namespace

Outcome<StencilParams> FilterOp::plan(Plan& p) {
  StencilParams s;
  s.dense = s.halves_to_even = true;
  VG_ASSIGN(s.field, stencil_field(p));
  VG_TRY(stencil_output(p));
  if (s.field.axes != 2)
    return p.bad("", "filters images with two spatial axes; shape {} with layout \"{}\" has {}",
                 p.in().shape.text(), p.in().layout.text(), s.field.axes);
  const TensorRef& kernel = p.input(1);
  if (kernel.desc.dtype != DType::Float)
    return p.bad("", "the filter type must be float32; got {}", name_of(kernel.desc.dtype));
  if (kernel.desc.shape.ndim() != 2 || kernel.desc.shape.elements() == 0)
    return p.bad("", "the filter must have 2 axes; got shape {}", kernel.desc.shape.text());
  s.kernel = p.arena().copy(std::span<const float>(
      kernel.as<float>(), static_cast<size_t>(kernel.desc.shape.elements())));
  VG_ASSIGN(s.border, border_of(p));
  const auto mode = p.get<std::string_view>("mode");
  if (mode != "same" && mode != "valid")
    return p.bad("mode", "= \"{}\" is neither \"same\" nor \"valid\"", mode);
  const std::span<const double> anchor = p.numbers("anchor", 2);
  VG_TRY(p.status());
  for (size_t i = 0; i < 2; i++) {
    const int64_t taps = kernel.desc.shape[static_cast<int>(i)];
    const int64_t extent = s.field.extents[i + 1];
    if (!(anchor[i] >= -1 && anchor[i] < static_cast<double>(taps)))
      return p.bad("anchor", "= ({}, {}) is not inside of the filter, whose shape is {}", anchor[0],
                   anchor[1], kernel.desc.shape.text());
    s.kernel_extents[i] = static_cast<int>(taps);
    s.out_extents[i] = mode == "same" ? extent : extent - taps + 1;
    s.origin[i] = anchor[i] < 0 ? static_cast<int>(taps / 2) : static_cast<int>(anchor[i]);
    if (mode == "valid") s.origin[i] = 0;
    if (s.out_extents[i] < 0 || (mode == "valid" && s.out_extents[i] == 0))
      return p.bad("mode", "= \"valid\": the filter ({}) is larger than the image ({})",
                   kernel.desc.shape.text(), p.in().shape.text());
    p.out().shape[s.field.first_axis + static_cast<int>(i)] = s.out_extents[i];
  }
  if (p.inputs() > 2) {
    if (p.in(2).shape.elements() != 1)
      return p.bad("", "the fill value must be a scalar; got shape {}", p.in(2).shape.text());
    s.fill = static_cast<float>(element(p.input(2), 0));
  }
  const bool bytes = p.in().dtype == DType::Uint8 && p.out().dtype == DType::Uint8;
  const bool byte_fill = s.border != Border::Constant || s.fill == round_to<uint8_t>(s.fill);
  if (bytes && byte_fill) s.whole = WholeSum::weights(s.kernel, p.arena());
  return s;
}

}  // namespace vg
