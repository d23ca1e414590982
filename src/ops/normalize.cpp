// Arguments of normalize.
#include "ops/normalize.h"

namespace vg {
namespace {

Outcome<std::span<const float>> statistic(Plan& p, std::string_view name, int64_t outputs,
                                          bool batch) {
  if (!p.has(name)) return std::span<const float>();
  const std::span<const double> given = p.numbers(name);
  const auto n = static_cast<int64_t>(given.size());
  if (n != 1 && (batch || n != outputs))
    return p.bad(name, "has {} elements; {} are expected (extent 1 in reduced axes)", n,
                 batch ? 1 : outputs);
  std::span<float> out = p.arena().array<float>(given.size());
  for (size_t i = 0; i < given.size(); i++) out[i] = static_cast<float>(given[i]);
  return std::span<const float>(out);
}

}  // namespace

Schema normalize_schema(std::string name) {
  return Schema(
             std::move(name),
             "out = scale * (in - mean) / stddev + shift. What is not given of mean and stddev "
             "is measured: stddev = sqrt(sum((in - mean)^2) / (N - ddof) + epsilon). Where it is "
             "zero, the output is `shift`.")
      .input("data", "any tensor of numbers")
      .arg("batch", ArgType::Bool, false, "common statistics of all samples of the batch")
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

Outcome<NormalizeParams> normalize_plan(Plan& p, bool batch) {
  if (p.in().dtype == DType::Bool) return p.bad("", "does not take bool data: cast it first");
  VG_ASSIGN(const uint32_t mask, axes_argument(p));
  NormalizeParams params;
  params.axes = group_axes(p.in().shape, mask);
  VG_ASSIGN(params.mean, statistic(p, "mean", params.axes.outputs, batch));
  VG_ASSIGN(params.stddev, statistic(p, "stddev", params.axes.outputs, batch));
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

}  // namespace vg
