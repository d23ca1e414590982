// Reading arguments: plain values, fallbacks and tensors look the same to an operator.
#include "graph/plan.h"

#include "core/cast.h"
#include "graph/elements.h"
#include "graph/op_def.h"

namespace vg {

double element(const TensorRef& t, int64_t i) { return element(t.desc.dtype, t.data, i); }

void set_element(const TensorRef& t, int64_t i, double value) {
  store_number(value, t.desc.dtype, t.data + i * size_of(t.desc.dtype));
}

Failure Plan::problem(ErrorKind kind, std::string_view argument, std::string text) const {
  return node_.problem(kind, argument, text);
}

double Plan::number_of(ArgName name, const Argument& a) {
  switch (a.kind) {
    case Argument::Kind::Absent:
      return 0;
    case Argument::Kind::PerSample: {
      const TensorRef& tensor = arguments_[static_cast<size_t>(a.index)];
      if (tensor.desc.shape.elements() == 1) return element(tensor, 0);
      remember(
          bad(name, "has shape {}; one number per sample is expected", tensor.desc.shape.text()));
      return 0;
    }
    default:
      break;
  }
  const std::span<const double> list = numbers(name);
  if (list.size() == 1) return list[0];
  remember(bad(name, "has {} elements; one number is expected", list.size()));
  return 0;
}

std::string_view Plan::text(ArgName name) {
  const Argument* a = find(name);
  if (!a || a->kind == Argument::Kind::Absent) return {};
  if (auto* s = std::get_if<std::string>(a->value)) return *s;
  remember(bad(name, "is not a text"));
  return {};
}

std::span<const double> Plan::numbers(ArgName name) {
  const Argument* a = find(name);
  if (!a || a->kind == Argument::Kind::Numbers) return a ? a->numbers : std::span<const double>();
  const std::optional<TensorRef> tensor = this->tensor(name);
  if (!tensor) return {};
  const auto n = static_cast<size_t>(tensor->desc.shape.elements());
  double* out = static_cast<double*>(arena_.allocate(n * sizeof(double), alignof(double)));
  for (size_t i = 0; i < n; i++) out[i] = element(*tensor, static_cast<int64_t>(i));
  return {out, n};
}

std::span<const double> Plan::numbers(ArgName name, int n) {
  const std::span<const double> given = numbers(name);
  if (static_cast<int>(given.size()) == n) return given;
  std::span<double> out = arena_.array<double>(static_cast<size_t>(n));
  if (given.size() == 1) {
    for (double& x : out) x = given[0];
  } else {
    remember(bad(name, "has {} elements; 1 or {} are expected", given.size(), n));
  }
  return out;
}

std::vector<std::string> Plan::strings(ArgName name) {
  const Argument* a = find(name);
  if (!a || a->kind == Argument::Kind::Absent) return {};
  if (auto* list = std::get_if<std::vector<std::string>>(a->value)) return *list;
  return {std::string(text(name))};
}

std::optional<TensorRef> Plan::tensor(ArgName name) const {
  const Argument* a = find(name);
  if (a && a->kind == Argument::Kind::PerSample) return arguments_[static_cast<size_t>(a->index)];
  if (!a || a->kind != Argument::Kind::Tensor) return std::nullopt;
  const Tensor& t = *std::get_if<Tensor>(a->value);
  return TensorRef{t, t.data.get()};
}

DType Plan::dtype(DType otherwise) { return has("dtype") ? get<DType>("dtype") : otherwise; }

}  // namespace vg
