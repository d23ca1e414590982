// What is known of a value before any sample is seen: element type, rank, layout.
#pragma once

#include <optional>
#include <string>

#include "variegate/tensor.h"

namespace vg {

struct Node;

struct StaticType {
  std::optional<DType> dtype;
  std::optional<int> ndim;
  std::optional<Layout> layout;
};

/// Fills `node.types` from those of its inputs: by the operator's own `infer`, else by its family
/// (operators on images keep rank and layout), else nothing is known.
void infer_types(Node& node);

/// The type of input 0, with the element type of the argument `dtype` if there is one.
StaticType same_as_input(const Node& node);
/// The element type that the argument `dtype` (or its fallback) names, if it is plain.
std::optional<DType> dtype_argument(const Node& node);

/// What two alternatives of a branch disagree in: "types: uint8 and float32"; empty: nothing known.
std::string divergence(const StaticType& a, const StaticType& b);

}  // namespace vg
