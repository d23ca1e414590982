// The list of tasks: a kernel each, numbered by its place. Adding one: its header, and its line
// here.
#pragma once

#include "cuda/task.h"
#include "cuda/tasks/copy.h"
#include "cuda/tasks/histogram.h"
#include "cuda/tasks/image.h"
#include "cuda/tasks/scatter.h"
#include "cuda/tasks/stencil.h"
#include "cuda/tasks/view.h"

namespace vg::cuda {

// clang-format off
using Kernels = TypeList<
    CopyTask
  , HistogramTask
  , ImageTask
  , CopyView, ConvertView, NormalizeView
  , DenseStencil, StencilPass
  , ScatterRegions, ScatterMask, ScatterChoice, ScatterNoise
  >;
// clang-format on

/// Position of a task in the list.
template <class T, class... All>
constexpr int kernel_of(TypeList<All...>) {
  int at = -1, i = 0;
  ((std::is_same_v<T, All> ? at = i : i, i++), ...);
  return at;
}

}  // namespace vg::cuda
