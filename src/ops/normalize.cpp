// Arguments of normalize, and the pooling of statistics over a batch.
#include "ops/normalize.h"

namespace vg {
namespace {

using Phase = NormalizeParams::Phase;

Status check_count(Plan& p, ArgName name, std::span<const double> given, int64_t outputs) {
  const auto n = static_cast<int64_t>(given.size());
  if (!p.has(name) || n == 1 || n == outputs) return {};
  return p.bad(name, "has {} elements; 1 or {} are expected (extent 1 in reduced axes)", n,
               outputs);
}

/// A pass over every sample that measures; gives the sums over the batch and the element count.
Outcome<std::vector<double>> pool(BatchWork& work, Phase phase, std::span<const double> mean,
                                  double& count) {
  std::vector<double> sums;
  count = 0;
  for (size_t i = 0; i < work.items().size(); i++) {
    VG_TRY(work.run(i, [&](Plan& p) -> Status {
      VG_ASSIGN(NormalizeParams params, Normalize::plan(p));
      const int64_t outputs = params.axes.outputs;
      if (i > 0 && static_cast<size_t>(outputs) != sums.size())
        return p.bad("batch",
                     "= True needs equal extents of axes that are not reduced; shape {} "
                     "gives {} statistics, the first sample {}",
                     p.in().shape.text(), outputs, sums.size());
      if (params.mean.size() > 1 || params.stddev.size() > 1)
        return p.bad("mean", "and stddev must be single numbers where batch = True");
      sums.resize(static_cast<size_t>(outputs));
      count += static_cast<double>(params.axes.count);
      params.phase = phase;
      if (!mean.empty()) params.mean = mean;
      p.out() = TensorDesc{DType::Float64, Shape{outputs}, {}};
      p.set_params(params);
      return {};
    }));
    for (size_t o = 0; o < sums.size(); o++) sums[o] += work.items()[i].out[0].as<double>()[o];
  }
  return sums;
}

}  // namespace

Schema Normalize::schema() {
  return Schema(
             "normalize",
             "out = scale * (in - mean) / stddev + shift. What is not given of mean and stddev "
             "is measured: stddev = sqrt(sum((in - mean)^2) / (N - ddof) + epsilon). Where it is "
             "zero, the output is `shift`.")
      .input("data", "any tensor of numbers")
      .arg("batch", ArgType::Bool, false, "measure over all samples of the batch together")
      .tensor_arg("mean", ArgType::Floats, "a number, or a tensor with extent 1 in reduced axes")
      .tensor_arg("stddev", ArgType::Floats, "the same")
      .arg("axes", ArgType::Ints, "axes along which statistics are taken; default: all")
      .arg("axis_names", ArgType::String, "the same as letters of the layout")
      .tensor_arg("shift", ArgType::Float, 0.0, "mean of the output")
      .tensor_arg("scale", ArgType::Float, 1.0, "standard deviation of the output")
      .tensor_arg("epsilon", ArgType::Float, 0.0, "added to a measured variance")
      .arg("ddof", ArgType::Int, int64_t{0}, "the sum of squares is divided by N - ddof")
      .arg("dtype", ArgType::DType, static_cast<int64_t>(DType::Float),
           "element type of the output");
}

Outcome<NormalizeParams> Normalize::plan(Plan& p) {
  if (p.in().dtype == DType::Bool) return p.bad("", "does not take bool data: cast it first");
  VG_ASSIGN(const uint32_t mask, axes_argument(p));
  NormalizeParams params;
  params.axes = group_axes(p.in().shape, mask);
  params.mean = p.numbers("mean");
  params.stddev = p.numbers("stddev");
  VG_TRY(check_count(p, "mean", params.mean, params.axes.outputs));
  VG_TRY(check_count(p, "stddev", params.stddev, params.axes.outputs));
  params.scale = p.get<float>("scale");
  params.shift = p.get<float>("shift");
  params.epsilon = p.get<double>("epsilon");
  if (!(params.epsilon >= 0)) return p.bad("epsilon", "= {} is negative", params.epsilon);
  params.axes.ddof = p.get<double>("ddof");
  if (params.axes.ddof < 0) return p.bad("ddof", "= {} is negative", params.axes.ddof);
  p.out() = p.in();
  p.out().dtype = p.get<DType>("dtype");
  return params;
}

bool Normalize::needs_batch(const Node& node) {
  const ArgValue& batch = node.args[static_cast<size_t>(node.schema().index_of("batch"))];
  return std::holds_alternative<bool>(batch) && std::get<bool>(batch);
}

Status Normalize::run_batch(BatchWork& work) {
  double count = 0;
  std::vector<double> mean, stddev;
  if (!work.node().has("mean")) {
    VG_ASSIGN(mean, pool(work, Phase::Sums, {}, count));
    for (double& m : mean) m /= count;
  }
  if (!work.node().has("stddev")) {
    VG_ASSIGN(stddev, pool(work, Phase::SquareDistances, mean, count));
  }
  for (size_t i = 0; i < work.items().size(); i++) {
    VG_TRY(work.run(i, [&](Plan& p) -> Status {
      VG_ASSIGN(NormalizeParams params, Normalize::plan(p));
      if (i == 0)
        for (double& s : stddev) s = std::sqrt(s / (count - params.axes.ddof) + params.epsilon);
      if (!mean.empty()) params.mean = mean;
      if (!stddev.empty()) params.stddev = stddev;
      p.set_params(params);
      return {};
    }));
  }
  return {};
}

}  // namespace vg
