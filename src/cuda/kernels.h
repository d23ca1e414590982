// The list of tasks: a kernel each, numbered by its place. Adding one: its header, and its line
// here.
#pragma once

#include "cuda/task.h"
#include "cuda/tasks/chain.h"
#include "cuda/tasks/copy.h"
#include "cuda/tasks/elementwise.h"
#include "cuda/tasks/histogram.h"
#include "cuda/tasks/image.h"
#include "cuda/tasks/measured.h"
#include "cuda/tasks/normalize.h"
#include "cuda/tasks/point.h"
#include "cuda/tasks/reduce.h"
#include "cuda/tasks/resample.h"
#include "cuda/tasks/scatter.h"
#include "cuda/tasks/stencil.h"
#include "cuda/tasks/view.h"
#include "cuda/tasks/warp.h"

namespace vg::cuda {

// clang-format off
using Kernels = TypeList<
    CopyTask
  , HistogramTask
  , ImageTask, ChainTask
  , WarpTask<uint8_t, uint8_t>, WarpTask<int16_t, int16_t>, WarpTask<int32_t, int32_t>
  , WarpTask<float, float>, WarpTask<uint8_t, float>, WarpTask<int16_t, float>
  , WarpTask<int32_t, float>
  , PointTask
  , MeasuredTask
  , WeightsTask<int32_t>, WeightsTask<int16_t>, WeightsTask<float>, NearestTask
  , PillowPass, FixedFirstPass, FixedSecondPass, FixedOnlyPass
  , FloatPass<uint8_t, uint8_t>, FloatPass<uint8_t, float>, FloatPass<float, uint8_t>
  , FloatPass<uint16_t, uint16_t>, FloatPass<uint16_t, float>, FloatPass<float, uint16_t>
  , FloatPass<int16_t, int16_t>, FloatPass<int16_t, float>, FloatPass<float, int16_t>
  , FloatPass<float, float>
  , GatherTask
  , ExtentsTask
  ,
  Elementwise<uint8_t>, Elementwise<uint16_t>, Elementwise<uint32_t>, Elementwise<uint64_t>,
  Elementwise<int8_t>, Elementwise<int16_t>, Elementwise<int32_t>, Elementwise<int64_t>,
  Elementwise<float>, Elementwise<double>, Elementwise<bool>, Convert, Fill,
  BlockTotals, Results, StoreMeans, Scalings, Rescale
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
