// Normalising on the host: statistics first, of a sample or pooled over samples, then one pass of
// (x - mean) * factor + shift in float.
#include "ops/normalize.h"
#include "cpu/convert.h"
#include "cpu/drivers.h"
#include "cpu/reduce.h"

namespace vg::cpu {
namespace {

constexpr int64_t kTile = 1024;

/// A statistic as given: one for each output.
std::span<double> expand(std::span<const double> given, size_t outputs, Arena& arena) {
  std::span<double> to = arena.array<double>(outputs);
  for (size_t o = 0; o < outputs; o++) to[o] = given[given.size() == 1 ? 0 : o];
  return to;
}

/// Sums of squared distances from the means, of integers without rounding.
void exact_square_distances(const ReduceParams& axes, const TensorRef& in,
                            std::span<const double> sums, std::span<double> to) {
  sum_squares(axes, in, to.data());
  for (size_t o = 0; o < to.size(); o++) to[o] = exact_square_distance(axes.count, sums[o], to[o]);
}

/// Extent of the innermost group if the statistics repeat with it and a tile holds it; else 0.
int64_t period_of(const ReduceParams& axes) {
  const int last = axes.groups - 1;
  for (int k = 0; k < last; k++)
    if (!axes.reduced[k]) return 0;
  if (last < 0 || axes.outputs == 1) return 1;
  return !axes.reduced[last] && axes.extent[last] <= kTile ? axes.extent[last] : 0;
}

/// Where statistics repeat they become a tile too, so that the loop has no index.
void apply_periodic(const Work& work, int64_t period, std::span<const float> mean,
                    std::span<const float> factor) {
  const float shift = work.param<NormalizeParams>().shift;
  const TensorRef &in = work.in[0], &out = work.out[0];
  const int64_t n = in.desc.shape.elements(), length = kTile / period * period;
  const int64_t in_size = size_of(in.desc.dtype), out_size = size_of(out.desc.dtype);
  std::array<float, kTile> tile, means, factors;
  for (int64_t i = 0; i < length; i++) {
    means[i] = mean[i % period];
    factors[i] = factor[i % period];
  }
  for (int64_t start = 0; start < n; start += length) {
    const int64_t m = std::min(length, n - start);
    load_tile(in.desc.dtype, in.data + start * in_size, tile.data(), m);
    for (int64_t i = 0; i < m; i++) tile[i] = (tile[i] - means[i]) * factors[i] + shift;
    cast_elements(DType::Float, reinterpret_cast<const std::byte*>(tile.data()), out.desc.dtype,
                  out.data + start * out_size, m);
  }
}

void apply(const Work& work, std::span<const float> mean, std::span<const float> factor) {
  const auto& params = work.param<NormalizeParams>();
  const ReduceParams& axes = params.axes;
  const TensorRef &in = work.in[0], &out = work.out[0];
  const int64_t n = in.desc.shape.elements();
  const int64_t in_size = size_of(in.desc.dtype), out_size = size_of(out.desc.dtype);
  // The statistic of an element: a walk over all groups in which only the kept ones step.
  std::array<int64_t, ReduceParams::kMaxGroups> step{}, index{};
  int64_t stride = 1, statistic = 0;
  for (int k = axes.groups - 1; k >= 0; k--) {
    step[k] = axes.reduced[k] ? 0 : stride;
    if (!axes.reduced[k]) stride *= axes.extent[k];
  }
  const int last = axes.groups - 1;
  const int64_t row = last >= 0 ? axes.extent[last] : 1, along = last >= 0 ? step[last] : 0;
  std::array<float, kTile> tile;
  for (int64_t start = 0; start < n; start += kTile) {
    const int64_t m = std::min(kTile, n - start);
    load_tile(in.desc.dtype, in.data + start * in_size, tile.data(), m);
    for (int64_t i = 0; i < m;) {
      const int64_t run = std::min(m - i, row - (last >= 0 ? index[last] : 0));
      for (int64_t j = 0; j < run; j++) {
        const int64_t s = statistic + j * along;
        tile[i + j] = (tile[i + j] - mean[s]) * factor[s] + params.shift;
      }
      i += run;
      if (last < 0) continue;
      index[last] += run, statistic += run * along;
      for (int k = last; k > 0 && index[k] == axes.extent[k]; k--) {
        statistic += step[k - 1] - index[k] * step[k];
        index[k] = 0;
        index[k - 1]++;
      }
    }
    cast_elements(DType::Float, reinterpret_cast<const std::byte*>(tile.data()), out.desc.dtype,
                  out.data + start * out_size, m);
  }
}

}  // namespace

Status run_normalize(const Work& work) {
  const auto& params = work.param<NormalizeParams>();
  const ReduceParams& axes = params.axes;
  const TensorRef& in = work.in[0];
  const auto outputs = static_cast<size_t>(axes.outputs);
  if (params.phase == NormalizeParams::Phase::Sums) {
    sum_elements(axes, in, work.out[0].as<double>());
    return {};
  }
  std::span<double> mean = work.scratch.array<double>(outputs);
  std::span<double> factor = work.scratch.array<double>(outputs);
  const bool measured = params.stddev.empty();
  const bool exact = measured && params.mean.empty() && sums_exactly(in.desc.dtype, axes.count);
  if (params.mean.empty()) {
    sum_elements(axes, in, mean.data());
    if (exact) exact_square_distances(axes, in, mean, factor);
    for (double& m : mean) m /= static_cast<double>(axes.count);
  } else {
    mean = expand(params.mean, outputs, work.scratch);
  }
  if (params.phase == NormalizeParams::Phase::SquareDistances) {
    sum_square_distances(axes, in, mean.data(), work.out[0].as<double>());
    return {};
  }
  if (!measured) factor = expand(params.stddev, outputs, work.scratch);
  if (measured && !exact) sum_square_distances(axes, in, mean.data(), factor.data());
  if (measured)
    for (double& f : factor)
      f = std::sqrt(f / (static_cast<double>(axes.count) - axes.ddof) + params.epsilon);
  std::span<float> centre = work.scratch.array<float>(outputs);
  std::span<float> scale = work.scratch.array<float>(outputs);
  for (size_t o = 0; o < outputs; o++) {
    centre[o] = static_cast<float>(mean[o]);
    scale[o] = static_cast<float>(factor[o] != 0 ? params.scale / factor[o] : 0);
  }
  if (const int64_t period = period_of(axes))
    apply_periodic(work, period, centre, scale);
  else
    apply(work, centre, scale);
  return {};
}

}  // namespace vg::cpu
