// Reductions and normalizing as tasks.
#include "cuda/encoder.h"
#include "cuda/tasks/normalize.h"

namespace vg::cuda {
namespace {

template <class Op>
constexpr int opcode_of() {
  return kernel_of<Op>(ReduceOps{});
}

uint32_t blocks_of(const ReduceParams& params) {
  return static_cast<uint32_t>((params.count + kReduceBlock - 1) / kReduceBlock);
}

/// A walk over all groups of a kind.
Walk walk_of(const ReduceParams& params, bool reduced) {
  Walk walk;
  for (int k = 0; k < params.groups; k++) {
    int64_t stride = 1;
    for (int inner = k + 1; inner < params.groups; inner++) stride *= params.extent[inner];
    if (params.reduced[k] == reduced) walk.add(params.extent[k], stride);
  }
  return walk;
}

/// A reduction of `in` whose totals the tasks of `step` make.
Reduction encode_totals(int opcode, const ReduceParams& params, const TensorRef& in,
                        const TensorRef& mean, int step, Encoder& encoder) {
  Reduction work{};
  work.opcode = opcode;
  work.type = in.desc.dtype;
  work.in = in.data;
  work.kept = walk_of(params, false);
  work.reduced = walk_of(params, true);
  work.outputs = static_cast<uint32_t>(params.outputs);
  work.count = static_cast<uint32_t>(params.count);
  work.blocks = blocks_of(params);
  work.mean = mean.data;
  work.mean_type = mean.desc.dtype;
  work.one_mean = mean.desc.shape.elements() == 1;
  const int64_t totals = int64_t{work.outputs} * work.blocks;
  if (totals > 0) work.totals = encoder.temporary(totals * BlockTotals::kLargest);
  encoder.add(step, BlockTotals{work});
  return work;
}

void encode_normalize(const Work& work, Encoder& encoder) {
  const auto& params = work.param<NormalizeParams>();
  const ReduceParams& axes = params.axes;
  const TensorRef &in = work.in[0], &out = work.out[0];
  const int64_t n = in.desc.shape.elements();
  if (n == 0) return;
  const auto outputs = static_cast<uint32_t>(axes.outputs);
  const bool measured = params.stddev.empty();
  const bool exact = measured && params.mean.empty() && sums_exactly(in.desc.dtype, axes.count);
  Scalings scalings{};
  scalings.means.count = scalings.count = axes.count;
  if (params.mean.empty())
    scalings.means.sums =
        encode_totals(opcode_of<reductions::Sum>(), axes, in, TensorRef{}, 0, encoder);
  else
    scalings.means.given = encoder.table(params.mean);
  if (!measured) {
    scalings.spread = Scalings::Spread::Given;
    scalings.stddev = encoder.table(params.stddev);
  } else if (exact) {
    scalings.spread = Scalings::Spread::FromSquares;
    scalings.squares =
        encode_totals(opcode_of<reductions::MeanSquare>(), axes, in, TensorRef{}, 0, encoder);
  } else {
    std::byte* memory = encoder.temporary(axes.outputs * size_of(DType::Float64));
    StoreMeans means{};
    means.means = scalings.means;
    means.outputs = outputs;
    means.to = reinterpret_cast<double*>(memory);
    encoder.add(1, means);
    scalings.spread = Scalings::Spread::FromDistances;
    const TensorRef mean{{DType::Float64, Shape{axes.outputs}, {}}, memory};
    scalings.squares = encode_totals(opcode_of<reductions::Variance>(), axes, in, mean, 2, encoder);
  }
  scalings.outputs = outputs;
  scalings.ddof = axes.ddof;
  scalings.epsilon = params.epsilon;
  scalings.factor = params.scale;
  scalings.to = reinterpret_cast<Scaling*>(
      encoder.temporary(axes.outputs * static_cast<int64_t>(sizeof(Scaling))));
  encoder.add(3, scalings);

  Rescale task{};
  task.from = in.desc.dtype;
  task.type = out.desc.dtype;
  task.in = in.data;
  task.out = out.data;
  int64_t stride = axes.outputs;
  for (int k = 0; k < axes.groups; k++) {
    if (!axes.reduced[k]) stride /= axes.extent[k];
    task.statistic.add(axes.extent[k], axes.reduced[k] ? 0 : stride);
  }
  task.scalings = scalings.to;
  task.shift = params.shift;
  task.count = static_cast<uint32_t>(n);
  encoder.add(4, task);
}

bool is_normalize(const Work& work) { return work.node.op->opcode == opcode_of<Normalize>(); }

}  // namespace

bool runs_reduce(const Work& work) {
  const bool normalizes = is_normalize(work);
  // Pooled statistics go back to the host.
  if (normalizes && work.param<NormalizeParams>().phase != NormalizeParams::Phase::Normalize)
    return false;
  const auto& params = normalizes ? work.param<NormalizeParams>().axes : work.param<ReduceParams>();
  return work.in[0].desc.shape.elements() < kMostElements &&
         params.outputs * std::max(blocks_of(params), 1u) * kReduceLanes < kMostElements;
}

void encode_reduce(const Work& work, Encoder& encoder) {
  if (is_normalize(work)) return encode_normalize(work, encoder);
  const auto& params = work.param<ReduceParams>();
  const TensorRef mean = work.in.size() > 1 ? work.in[1] : TensorRef{};
  Results task{};
  task.work = encode_totals(work.node.op->opcode, params, work.in[0], mean, 0, encoder);
  task.params = params;
  task.type = work.out[0].desc.dtype;
  task.out = work.out[0].data;
  encoder.add(1, task);
}

}  // namespace vg::cuda
