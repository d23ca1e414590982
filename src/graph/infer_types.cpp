// Types by family, for what an operator does not say itself.
#include <fmt/format.h>

#include "graph/op_def.h"

namespace vg {
namespace {

const StaticType& type_of(const Value& v) {
  return v.node()->types[static_cast<size_t>(v.output())];
}

template <class T>
void keep_if_equal(std::optional<T>& known, const std::optional<T>& other) {
  if (known && (!other || !(*known == *other))) known.reset();
}

/// What all alternatives agree in.
StaticType common_type(const Node& node) {
  StaticType t = type_of(node.inputs[1]);
  for (size_t i = 2; i < node.inputs.size(); i++) {
    const StaticType& other = type_of(node.inputs[i]);
    keep_if_equal(t.dtype, other.dtype);
    keep_if_equal(t.ndim, other.ndim);
    keep_if_equal(t.layout, other.layout);
  }
  return t;
}

}  // namespace

std::optional<DType> dtype_argument(const Node& node) {
  const Argument* a = node.arguments.find("dtype");
  if (const auto* number = a ? std::get_if<int64_t>(a->value) : nullptr)
    return static_cast<DType>(*number);
  return std::nullopt;
}

StaticType same_as_input(const Node& node) {
  StaticType t = type_of(node.inputs[0]);
  if (const auto dtype = dtype_argument(node)) t.dtype = dtype;
  // An empty layout may become HWC, by the operator that takes it.
  if (t.layout && t.layout->empty()) t.layout.reset();
  return t;
}

void infer_types(Node& node) {
  node.types.assign(static_cast<size_t>(node.outputs), {});
  if (node.types.empty()) return;
  if (node.op->infer) {
    node.op->infer(node, node.types);
    return;
  }
  if (node.schema().traits().same_type) {
    node.types[0] = same_as_input(node);
    return;
  }
  switch (node.op->family) {
    case Family::Select:
      node.types[0] = common_type(node);
      break;
    case Family::Point:
    case Family::Measured:
    case Family::Warp:
    case Family::Stencil:
    case Family::Resample:
    case Family::Scatter:
      node.types[0] = same_as_input(node);
      break;
    default:
      break;
  }
}

std::string divergence(const StaticType& a, const StaticType& b) {
  if (a.dtype && b.dtype && *a.dtype != *b.dtype)
    return fmt::format("types: {} and {}", name_of(*a.dtype), name_of(*b.dtype));
  if (a.ndim && b.ndim && *a.ndim != *b.ndim)
    return fmt::format("sample dimensionality (ranks): {} and {}", *a.ndim, *b.ndim);
  if (a.layout && b.layout && !(*a.layout == *b.layout))
    return fmt::format("layouts: \"{}\" and \"{}\"", a.layout->text(), b.layout->text());
  return "";
}

}  // namespace vg
