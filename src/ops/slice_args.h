// The arguments of slicing operators, and the windows that they mean.
#pragma once

#include "ops/crop_args.h"

namespace vg {

/// start, end, shape with their relative forms, axes, axis_names, normalized_*.
Schema slice_args();
Status check_slice(const Node& node);

/// A window per axis of `desc`. `first` is the input that holds a positional anchor (the next one
/// holds the shape), if there are so many inputs. Both ends are computed as reals, then rounded
/// half away from zero.
Outcome<std::vector<Window>> slice_windows(Plan& p, const TensorDesc& desc, int first);

}  // namespace vg
